import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { hex, u16be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Query (opcode 2) without authentication names; Willing (5) or Unwilling (6) comes back. */
export const xdmcp: ServiceProbe = {
  name: 'xdmcp',
  help: 'Asks an X display manager whether it would show a login.',
  services: ['xdmcp'],
  transport: 'udp',
  opens: 'client',
  ports: [177],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? hex('0001 0002 0001 00') : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const opcode = u16be(answer, 2);
    if (u16be(answer, 0) !== 1 || (opcode !== 5 && opcode !== 6) || u16be(answer, 4) !== answer.length - 6) return null;
    // Willing has the name of the authentication first.
    const start = opcode === 5 ? 8 + u16be(answer, 6) : 6;
    const hostname = decodeText(answer.subarray(start + 2, start + 2 + u16be(answer, start)));
    return {
      service: 'xdmcp',
      info: opcode === 5 ? 'shows a login to anybody' : 'unwilling',
      ...(/^[\w.-]{1,200}$/.test(hostname) ? { hostname } : {}),
    };
  },
};
