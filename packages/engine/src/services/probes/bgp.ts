import { hex, startsWith, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const marker = hex('ff'.repeat(16));
/** OPEN (RFC 4271 section 4.2): version 4, AS 23456 (AS_TRANS, RFC 6793), hold time 90 s, identifier 192.0.2.1, no parameters. */
const open = hex('ff'.repeat(16), '001d 01', '04 5ba0 005a c0000201 00');

/** Says OPEN as a neighbour that nobody configured; routers answer by OPEN or NOTIFICATION, or close. No session comes about. */
export const bgp: ServiceProbe = {
  name: 'bgp',
  help: 'Says OPEN and reads the OPEN or NOTIFICATION of the router.',
  services: ['bgp'],
  transport: 'tcp',
  opens: 'client',
  ports: [179],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? open : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (!startsWith(answer, marker) || u16be(answer, 16) < 19 || u16be(answer, 16) > 4096) return null;
    if (u8(answer, 18) === 3) return { service: 'bgp', info: `notification ${u8(answer, 19)}.${u8(answer, 20)}` };
    if (u8(answer, 18) !== 1 || u8(answer, 19) !== 4 || startsWith(answer, open)) return null;
    const identifier = [...answer.subarray(24, 28)].join('.');
    return { service: 'bgp', info: `AS ${u16be(answer, 20)}, identifier ${identifier}` };
  },
};
