import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 2229 section 3.1: `220 text <capabilities> <message-id>`. */
export const dict: ServiceProbe = {
  name: 'dict',
  help: 'Reads the greeting of a dictionary server.',
  services: ['dict'],
  transport: 'tcp',
  opens: 'server',
  ports: [2628],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  classify(answers) {
    const greeting = /^220 ([^\r\n]{0,300})<[a-z.0-9]{0,100}> <[^<>\s]{3,200}@[^<>\s]{1,200}>\r?\n/.exec(
      latin(answers[0] ?? new Uint8Array(0)).slice(0, 800),
    )?.[1];
    if (greeting === undefined) return null;
    const version = /\bdictd ([0-9]+\.[0-9]+\.[0-9]+)/.exec(greeting)?.[1];
    return {
      service: 'dict',
      info: greeting.trim(),
      ...(version ? { vendor: 'dict.org', product: 'dictd', version } : {}),
    };
  },
};
