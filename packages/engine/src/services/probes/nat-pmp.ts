import { hex, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** External address request (RFC 6886 section 3.2): version 0, opcode 0; the answer has opcode 128. */
export const natPmp: ServiceProbe = {
  name: 'nat-pmp',
  help: 'Asks a router for its outer address by NAT-PMP.',
  services: ['nat-pmp'],
  transport: 'udp',
  opens: 'client',
  ports: [5351],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? hex('00 00') : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (u8(answer, 0) > 2 || u8(answer, 1) !== 0x80 || u16be(answer, 2) > 15) return null;
    if (answer.length === 12 && u16be(answer, 2) === 0)
      return { service: 'nat-pmp', info: `outer address ${[...answer.subarray(8, 12)].join('.')}` };
    return answer.length === 8 || answer.length === 12
      ? { service: 'nat-pmp', info: `result ${u16be(answer, 2)}` }
      : null;
  },
};
