import { hex, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** CONNECT of SOCKS 4 to 0.0.0.0 port 0, which no proxy can reach; a reply is version 0 and a code of 90 to 93. */
const request = hex('04 01 00 00 00 00 00 00', '70 69 63 6b 65 74 00');

/** Asks a SOCKS 4 proxy for a connection that can't be. Nothing is relayed. */
export const socks4: ServiceProbe = {
  name: 'socks4',
  help: 'Asks a SOCKS 4 proxy for a connection that cannot be and reads how it refuses.',
  services: ['socks'],
  transport: 'tcp',
  opens: 'client',
  ports: [1080, 1081],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const code = u8(answer, 1);
    if (answer.length !== 8 || u8(answer, 0) !== 0 || code < 90 || code > 93) return null;
    return { service: 'socks', info: `SOCKS4, code ${code}` };
  },
};
