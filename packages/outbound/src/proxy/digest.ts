import { digestResponse, nonceCount } from '@picket/base/adapters/http-digest';
import type { AuthChallenge } from './auth-challenge.ts';
import type { ProxyLogin } from './proxy-settings.ts';

/** Hashes that are taken, the strongest first, with their names. A challenge that names none means MD5. */
const names = { 'sha-256': 'SHA-256', md5: 'MD5' } as const;
type HashName = keyof typeof names;

/** A Digest challenge that can be answered (RFC 7616 section 3.3). */
export interface DigestChallenge {
  readonly hash: HashName;
  /** The hash covers the nonces too (`…-sess`). */
  readonly session: boolean;
  /** As the proxy writes it, to be sent back. */
  readonly algorithm: string | null;
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | null;
  /** `auth`, or null for proxies of RFC 2069 that offer none. */
  readonly qop: 'auth' | null;
  /** The login was right, only the nonce had become old. */
  readonly stale: boolean;
}

/** Reads a challenge; null when its hash or quality of protection is not ours. */
export function digestChallenge({ params }: AuthChallenge): DigestChallenge | null {
  const nonce = params.get('nonce');
  const [, name = '', sess] = /^(.*?)(-sess)?$/i.exec(params.get('algorithm') ?? 'MD5') ?? [];
  const hash = name.toLowerCase();
  if (nonce === undefined || !isHash(hash)) return null;
  const qops =
    params
      .get('qop')
      ?.toLowerCase()
      .split(/[ \t]*,[ \t]*/) ?? [];
  if (qops.length > 0 && !qops.includes('auth')) return null;
  return {
    hash,
    session: sess !== undefined,
    algorithm: params.get('algorithm') ?? null,
    realm: params.get('realm') ?? '',
    nonce,
    opaque: params.get('opaque') ?? null,
    qop: qops.length > 0 ? 'auth' : null,
    stale: params.get('stale')?.toLowerCase() === 'true',
  };
}

/** The strongest of several; null: none can be answered. */
export function bestDigest(challenges: readonly AuthChallenge[]): DigestChallenge | null {
  const read = challenges.filter(({ scheme }) => scheme === 'digest').flatMap((each) => digestChallenge(each) ?? []);
  return Object.keys(names).flatMap((hash) => read.find((each) => each.hash === hash) ?? [])[0] ?? null;
}

/** What one request is. `count` is how often the nonce was used, from 1; `cnonce` is random. */
export interface DigestUse {
  readonly method: string;
  /** The request's target: `host:port` of CONNECT. */
  readonly uri: string;
  readonly count: number;
  readonly cnonce: string;
}

/** The value of `Proxy-Authorization` (RFC 7616 section 3.4). */
export function digestCredentials(challenge: DigestChallenge, login: ProxyLogin, use: DigestUse): string {
  const { realm, nonce, opaque, qop } = challenge;
  const algorithm = challenge.session ? (`${names[challenge.hash]}-sess` as const) : names[challenge.hash];
  const response = digestResponse(
    { realm: wire(realm), nonce, qop, algorithm },
    {
      username: login.user,
      password: login.password.reveal(),
      method: use.method,
      uri: use.uri,
      clientNonce: use.cnonce,
      count: use.count,
    },
  );
  const parts = [
    `username=${quoted(Buffer.from(login.user, 'utf8').toString('latin1'))}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(use.uri)}`,
    `response="${response}"`,
    ...(challenge.algorithm === null ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === null ? [] : [`opaque=${quoted(opaque)}`]),
    ...(qop === null && !challenge.session ? [] : [`cnonce="${use.cnonce}"`]),
    ...(qop === null ? [] : [`qop=${qop}`, `nc=${nonceCount(use.count)}`]),
  ];
  return `Digest ${parts.join(', ')}`;
}

/** Heads are read one character a byte; what was UTF-8 on the wire is hashed as UTF-8. */
const wire = (text: string) => Buffer.from(text, 'latin1').toString('utf8');

/** What would end the header line can't be in it: heads are read line by line. */
const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

function isHash(name: string): name is HashName {
  return Object.hasOwn(names, name);
}
