import { ascii, be32, concat, u16be, u32be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** SANE_NET_INIT (0) with version 1.0.3 and a user name for the log; status and version come back. Nobody is logged in. */
const request = concat(be32(0), be32(0x0100_0003), be32(7), ascii('picket\0'));

/** Begins a session with a scanner (image) server. */
export const sane: ServiceProbe = {
  name: 'sane',
  help: 'Begins a session with a server of image scanners and reads its version.',
  services: ['sane-port'],
  transport: 'tcp',
  opens: 'client',
  ports: [6566],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 8,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (
      answer.length !== 8 ||
      u32be(answer, 0) > 11 ||
      u8(answer, 4) !== 1 ||
      u8(answer, 5) > 9 ||
      u16be(answer, 6) > 20
    )
      return null;
    return {
      service: 'sane-port',
      vendor: 'SANE Project',
      product: 'SANE',
      info: `protocol 1.${u8(answer, 5)}.${u16be(answer, 6)}`,
    };
  },
};
