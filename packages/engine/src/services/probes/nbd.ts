import { ascii, latin, startsWith, u16be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** NBD protocol, "Newstyle negotiation": `NBDMAGIC`, `IHAVEOPT`, 16 bits of flags. The old style has a cookie instead. */
export const nbd: ServiceProbe = {
  name: 'nbd',
  help: 'Reads the greeting of a network block device server.',
  services: ['nbd'],
  transport: 'tcp',
  opens: 'server',
  ports: [10809],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (!startsWith(answer, ascii('NBDMAGIC'))) return null;
    const fixed = latin(answer.subarray(8, 16)) === 'IHAVEOPT';
    return {
      service: 'nbd',
      info: fixed ? `newstyle, flags ${u16be(answer, 16)}` : 'oldstyle: exports without negotiation',
    };
  },
};
