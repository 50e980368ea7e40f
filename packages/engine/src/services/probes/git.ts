import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const line = 'git-upload-pack /\0host=picket.invalid\0';
/** A pkt-line: four hexadecimal digits of length, then the request of the git transport. */
const request = ascii((line.length + 4).toString(16).padStart(4, '0') + line);

/** Asks a git daemon for the references of "/", which it lists or refuses. */
export const git: ServiceProbe = {
  name: 'git',
  help: 'Asks a git daemon for the references of "/", which it lists or refuses.',
  services: ['git'],
  transport: 'tcp',
  opens: 'client',
  ports: [9418],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 300));
    const refused = /^[0-9a-f]{4}ERR ([^\n]{1,200})/.exec(text);
    if (!refused && !/^[0-9a-f]{4}[0-9a-f]{40} [^\n]*\0/.test(text)) return null;
    return {
      service: 'git',
      vendor: 'Git',
      product: 'git daemon',
      cpe: 'cpe:/a:git-scm:git:-',
      info: refused?.[1] ?? 'references listed',
    };
  },
};
