import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** `nVERSION` of clamd: program, signature version and date in one line. */
export const clamd: ServiceProbe = {
  name: 'clamd',
  help: 'Asks the ClamAV daemon for its version.',
  services: ['clam'],
  transport: 'tcp',
  opens: 'client',
  ports: [3310],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('nVERSION\n') : null),
  whole: lineWhole,
  classify(answers) {
    const version = /^ClamAV ([0-9]+\.[0-9]+(?:\.[0-9]+)?[^/\s]{0,10})/.exec(
      latin(answers[0] ?? new Uint8Array(0)),
    )?.[1];
    return version === undefined
      ? null
      : { service: 'clam', vendor: 'ClamAV', product: 'ClamAV', version, cpe: `cpe:/a:clamav:clamav:${version}` };
  },
};
