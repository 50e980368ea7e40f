import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** A password server that reads anything but `BEGIN AUTH REQUEST` says what it missed. Nobody is logged in. */
export const cvspserver: ServiceProbe = {
  name: 'cvspserver',
  help: 'Begins a CVS session wrongly and reads the complaint.',
  services: ['cvspserver'],
  transport: 'tcp',
  opens: 'client',
  ports: [2401],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('BEGIN PICKET\n') : null),
  classify(answers) {
    const text = latin(answers[0] ?? new Uint8Array(0)).slice(0, 300);
    return /^(?:error \d* ?)?cvs(?:nt)? \[[a-z -]{0,20}pserver aborted\]: /m.test(text) ||
      /bad auth protocol start/.test(text)
      ? { service: 'cvspserver', vendor: 'CVS', product: 'CVS pserver', cpe: 'cpe:/a:nongnu:cvs:-' }
      : null;
  },
};
