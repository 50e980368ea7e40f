import { hex, startsWith, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** ASF presence ping (ASF 2.0 section 3.2.4.2) over RMCP; the pong (0x40) says whether IPMI is there. */
export const rmcp: ServiceProbe = {
  name: 'rmcp',
  help: 'Sends a presence ping to a management controller.',
  services: ['asf-rmcp'],
  transport: 'udp',
  opens: 'client',
  ports: [623, 664],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? hex('06 00 ff 06', '00 00 11 be', '80 50 00 00') : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (!startsWith(answer, hex('06 00 ff 06 00 00 11 be 40')) || answer.length < 28) return null;
    return { service: 'asf-rmcp', info: (u8(answer, 20) & 0x80) !== 0 ? 'IPMI supported' : 'no IPMI' };
  },
};
