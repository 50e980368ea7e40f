import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { Identification, ServiceProbe } from '../probe.ts';

/** RESP: INFO answers with a bulk text of `key:value` lines, or an error whose first word tells why not. */
export const redis: ServiceProbe = {
  name: 'redis',
  help: 'Asks INFO server; the answer, or the way it is refused, tells Redis and its relatives.',
  services: ['redis'],
  transport: 'tcp',
  opens: 'client',
  ports: [6379, 6380, 6381, 7379, 16379, 26379, 7000, 7001],
  tlsPorts: [6380],
  fallbackRank: 3,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('INFO server\r\n') : null),
  whole(answer) {
    const length = /^\$([0-9]{1,6})\r\n/.exec(latin(answer.subarray(0, 12)));
    return length ? answer.length >= length[0].length + Number(length[1]) + 2 : lineWhole(answer);
  },
  classify(answers) {
    const text = decodeText(answers[0] ?? new Uint8Array(0));
    if (/^\$[0-9]+\r\n/.test(text)) return fromInfo(text);
    if (
      /^-(?:NOAUTH|DENIED|NOPERM|MASTERDOWN|LOADING) /.test(text) ||
      text.startsWith('-ERR operation not permitted')
    ) {
      return {
        service: 'redis',
        vendor: 'Redis',
        product: 'Redis',
        info: text.slice(1).split(/\r?\n/)[0] ?? '',
        cpe: 'cpe:/a:redis:redis:-',
      };
    }
    return null;
  },
};

function fromInfo(text: string): Identification | null {
  const field = (name: string) => new RegExp(`^${name}:([^\\r\\n]{1,100})`, 'm').exec(text)?.[1];
  const valkey = field('valkey_version');
  const version = valkey ?? field('redis_version');
  if (version === undefined) return null;
  const vendor = valkey === undefined ? 'Redis' : 'LF Projects';
  const product = valkey === undefined ? 'Redis' : 'Valkey';
  const cpe = valkey === undefined ? `cpe:/a:redis:redis:${version}` : `cpe:/a:lfprojects:valkey:${version}`;
  const os = field('os')?.split(' ')[0];
  return {
    service: 'redis',
    vendor,
    product,
    version,
    cpe,
    info: `mode ${field('redis_mode') ?? 'unknown'}`,
    ...(os === undefined ? {} : { os: { product: os } }),
  };
}
