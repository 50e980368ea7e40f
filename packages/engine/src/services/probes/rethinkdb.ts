import { latin, le32 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Magic of protocol V1.0; the server tells its version in JSON before any login. */
export const rethinkdb: ServiceProbe = {
  name: 'rethinkdb',
  help: 'Sends the magic of the client protocol and reads the server version.',
  services: ['rethinkdb'],
  transport: 'tcp',
  opens: 'client',
  ports: [28015],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? le32(0x34c2bdc3) : null),
  whole: (answer) => answer.includes(0),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 400));
    const version = /"server_version":\s?"([0-9]+\.[0-9]+\.[0-9]+)/.exec(text)?.[1];
    if (version === undefined || !text.includes('"success"')) return null;
    return {
      service: 'rethinkdb',
      vendor: 'RethinkDB',
      product: 'RethinkDB',
      version,
      cpe: `cpe:/a:rethinkdb:rethinkdb:${version}`,
    };
  },
};
