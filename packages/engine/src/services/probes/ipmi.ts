import { hex, startsWith, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Get Channel Authentication Capabilities (IPMI v2.0 section 22.13) outside a session: this channel, as administrator. */
const request = hex('06 00 ff 07', '00 00000000 00000000 09', '20 18 c8 81 00 38 8e 04 b5');

/** Asks a management controller which ways to log in it offers. */
export const ipmi: ServiceProbe = {
  name: 'ipmi',
  help: 'Asks a management controller which ways to log in it offers.',
  services: ['asf-rmcp'],
  transport: 'udp',
  opens: 'client',
  ports: [623],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // The answer (network function 0x1c) to command 0x38 with completion code 0.
    if (
      !startsWith(answer, hex('06 00 ff 07 00')) ||
      u8(answer, 15) >> 2 !== 7 ||
      u8(answer, 19) !== 0x38 ||
      u8(answer, 20) !== 0
    )
      return null;
    const [types, status, extended] = [u8(answer, 22), u8(answer, 23), u8(answer, 24)];
    const remarks = [
      (types & 0x80) !== 0 && (extended & 2) !== 0 ? 'IPMI 2.0' : 'IPMI 1.5',
      ...((types & 1) !== 0 ? ['login without authentication'] : []),
      ...((status & 1) !== 0 ? ['anonymous login'] : []),
    ];
    return { service: 'asf-rmcp', info: remarks.join(', ') };
  },
};
