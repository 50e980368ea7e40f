import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 5804 section 1.7: capabilities come first, the implementation among them. */
export const managesieve: ServiceProbe = {
  name: 'managesieve',
  help: 'Reads the capabilities that a ManageSieve server sends first, and upgrades by STARTTLS when that is offered.',
  services: ['sieve'],
  transport: 'tcp',
  opens: 'server',
  ports: [4190, 2000],
  tlsPorts: [],
  proved: 'server',
  next(answers, context) {
    if (answers.length === 1)
      return !context.tls && /^"STARTTLS"/m.test(latin(answers[0] ?? new Uint8Array(0))) ? ascii('STARTTLS\r\n') : null;
    return answers.length === 2 && latin(answers[1] ?? new Uint8Array(0)).startsWith('OK') ? 'start-tls' : null;
  },
  whole: (answer) => /(?:^|\n)(?:OK|NO|BYE)[^\n]*\r?\n$/.test(latin(answer)),
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
