import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const request = ascii('fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n');

/** The Niagara Fox protocol: a hello in text, answered by one that names station, host and version. */
export const fox: ServiceProbe = {
  name: 'fox',
  help: 'Says hello to a Niagara building controller and reads its station, host and version.',
  services: ['niagara-fox'],
  transport: 'tcp',
  opens: 'client',
  ports: [1911],
  tlsPorts: [4911],
  proved: 'specification',
  fragile: true,
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => latin(answer).includes('};;'),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 4096));
    if (!/^fox a [0-9]+ -1 fox hello\n\{/.test(text) || text.startsWith(latin(request))) return null;
    const field = (name: string) => new RegExp(`^${name.replaceAll('.', '\\.')}=s:([^\\n]{1,80})`, 'm').exec(text)?.[1];
    const [version, brand, host] = [field('app.version'), field('brandId'), field('hostName')];
    return {
      service: 'niagara-fox',
      vendor: 'Tridium',
      product: field('app.name') ?? 'Niagara',
      ...(version ? { version } : {}),
      ...(brand ? { info: `brand ${brand}` } : {}),
      ...(host ? { hostname: host } : {}),
    };
  },
};
