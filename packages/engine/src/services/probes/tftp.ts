import { ascii, concat, hex, latin, u16be, untilNul } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Read request (RFC 1350 section 5) for a file that does not exist; ERROR (opcode 5) comes back, as a rule from another port. */
export const tftp: ServiceProbe = {
  name: 'tftp',
  help: 'Asks for a file that does not exist and reads the error.',
  services: ['tftp'],
  transport: 'udp',
  opens: 'client',
  ports: [69],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? concat(hex('00 01'), ascii('picket-does-not-exist\0octet\0')) : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (u16be(answer, 0) !== 5 || u16be(answer, 2) > 8 || answer.at(-1) !== 0) return null;
    return { service: 'tftp', info: latin(untilNul(answer.subarray(4, 204))) };
  },
};
