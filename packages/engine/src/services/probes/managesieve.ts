import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 5804 section 1.7: capabilities come first, the implementation among them. */
export const managesieve: ServiceProbe = {
  name: 'managesieve',
  help: 'Reads the capabilities that a ManageSieve server sends first.',
  services: ['sieve'],
  transport: 'tcp',
  opens: 'server',
  ports: [4190, 2000],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  whole: (answer) => /(?:^|\n)OK[^\n]*\r?\n$/.test(latin(answer)),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 2048));
    const name = /^"IMPLEMENTATION" "([^"\r\n]{1,100})"/m.exec(text)?.[1];
    if (name === undefined) return null;
    return {
      service: 'sieve',
      startTls: /^"STARTTLS"/m.test(text),
      banners: [{ database: 'sieve.implementation', text: name }],
      info: name,
    };
  },
};
