import { latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** The rsync daemon greets with `@RSYNCD: <protocol version>`; newer ones add the digests they know. */
export const rsync: ServiceProbe = {
  name: 'rsync',
  help: 'Reads the greeting of an rsync daemon.',
  services: ['rsync'],
  transport: 'tcp',
  opens: 'server',
  ports: [873, 8730],
  tlsPorts: [874],
  proved: 'server',
  next: () => null,
  whole: lineWhole,
  classify(answers) {
    const greeting = /^@RSYNCD: ([0-9]{2}(?:\.[0-9]{1,3})?)([^\r\n]{0,200})/.exec(
      latin(answers[0] ?? new Uint8Array(0)),
    );
    if (!greeting) return null;
    return {
      service: 'rsync',
      vendor: 'Samba',
      product: 'rsync',
      cpe: 'cpe:/a:samba:rsync:-',
      info: `protocol ${greeting[1]}${greeting[2]}`,
    };
  },
};
