import { hex, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 1928 section 3: version 5 offers "no authentication" and "user and password"; the choice is two bytes. Nothing is relayed. */
export const socks5: ServiceProbe = {
  name: 'socks5',
  help: 'Offers two authentication methods and reads which one the proxy takes.',
  services: ['socks'],
  transport: 'tcp',
  opens: 'client',
  ports: [1080, 1081, 9050, 9150],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? hex('05 02 00 02') : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length !== 2 || u8(answer, 0) !== 5 || ![0, 2, 0xff].includes(u8(answer, 1))) return null;
    const methods: Readonly<Record<number, string>> = {
      0: 'no authentication',
      2: 'user and password',
      255: 'none acceptable',
    };
    return { service: 'socks', info: `SOCKS5, authentication: ${methods[u8(answer, 1)]}` };
  },
};
