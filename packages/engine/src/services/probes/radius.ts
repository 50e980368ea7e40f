import { createHmac } from 'node:crypto';
import { concat, hex, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const head = concat(hex('0c 50 0026'), new Uint8Array(16).fill(0x50));
const unsigned = concat(head, hex('50 12'), new Uint8Array(16));
/** Status-Server (RFC 5997 section 3) signed with an empty secret: servers with another one stay silent, proxies and careless ones do not. */
const request = concat(unsigned.subarray(0, 22), createHmac('md5', '').update(unsigned).digest());

/** Asks a RADIUS server whether it lives. */
export const radius: ServiceProbe = {
  name: 'radius',
  help: 'Asks a RADIUS server whether it lives; one that has another secret for us stays silent.',
  services: ['radius'],
  transport: 'udp',
  opens: 'client',
  ports: [1812, 1645],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // Access-Accept (2), Access-Reject (3), Accounting-Response (5) with our identifier.
    if (
      answer.length < 20 ||
      ![2, 3, 5].includes(u8(answer, 0)) ||
      u8(answer, 1) !== 0x50 ||
      u16be(answer, 2) !== answer.length
    )
      return null;
    return { service: 'radius', info: `code ${u8(answer, 0)}` };
  },
};
