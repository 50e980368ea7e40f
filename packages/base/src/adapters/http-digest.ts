import { createHash } from 'node:crypto';

/** A challenge for HTTP Digest authentication (RFC 7616 section 3.3), as far as it is answered. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | null;
  readonly algorithm: 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess';
  /** `auth`; null: the server speaks the form of RFC 2069, without a count. */
  readonly qop: 'auth' | null;
}

export interface DigestRequest {
  readonly username: string;
  readonly password: string;
  readonly method: string;
  /** The request target as it stands in the request line. */
  readonly uri: string;
  /** A word of the client's own, fresh for each challenge. */
  readonly clientNonce: string;
  /** How many requests were answered under this nonce, from 1. */
  readonly count: number;
}

const algorithms = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess'] as const;
const parameter = /([A-Za-z-]{1,32})\s*=\s*(?:"((?:[^"\\]|\\.){0,1024})"|([^\s,"]{1,256}))/g;

/**
 * Reads the value of a `WWW-Authenticate` or `Proxy-Authenticate` field. Null when it is no Digest challenge, or one that can't be
 * answered (other algorithm, `auth-int` only). Total: takes anything.
 */
export function parseDigestChallenge(field: string): DigestChallenge | null {
  const start = /(?:^|,)\s*Digest\s+/i.exec(field.slice(0, 4096));
  if (!start) return null;
  const found = new Map<string, string>();
  for (const match of field.slice(start.index + start[0].length, 4096).matchAll(parameter)) {
    const name = (match[1] ?? '').toLowerCase();
    if (!found.has(name)) found.set(name, (match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1'));
  }
  const wanted = (found.get('algorithm') ?? 'MD5').toLowerCase();
  const algorithm = algorithms.find((name) => name.toLowerCase() === wanted);
  const offered = found
    .get('qop')
    ?.split(',')
    .map((word) => word.trim().toLowerCase());
  const nonce = found.get('nonce');
  if (algorithm === undefined || nonce === undefined || (offered && !offered.includes('auth'))) return null;
  return {
    realm: found.get('realm') ?? '',
    nonce,
    opaque: found.get('opaque') ?? null,
    algorithm,
    qop: offered ? 'auth' : null,
  };
}

/** `nc` of an answer: how many requests were answered under the nonce, from 1, as eight hexadecimal digits. */
export function nonceCount(count: number): string {
  return count.toString(16).padStart(8, '0');
}

/** The `response` of an answer, hexadecimal (RFC 7616 section 3.4.1; without `qop` RFC 2069 section 2.1.2). Texts are hashed as UTF-8. */
export function digestResponse(
  challenge: Pick<DigestChallenge, 'realm' | 'nonce' | 'qop' | 'algorithm'>,
  request: DigestRequest,
): string {
  const { realm, nonce, qop, algorithm } = challenge;
  const { username, password, method, uri, clientNonce } = request;
  const hash = (text: string) =>
    createHash(algorithm.startsWith('SHA') ? 'sha256' : 'md5')
      .update(text, 'utf8')
      .digest('hex');
  const secret = hash(`${username}:${realm}:${password}`);
  const a1 = algorithm.endsWith('-sess') ? hash(`${secret}:${nonce}:${clientNonce}`) : secret;
  const middle = qop ? `${nonce}:${nonceCount(request.count)}:${clientNonce}:${qop}` : nonce;
  return hash(`${a1}:${middle}:${hash(`${method}:${uri}`)}`);
}

/** The value of the `Authorization` (or `Proxy-Authorization`) field that answers a challenge (RFC 7616 section 3.4). */
export function digestAnswer(challenge: DigestChallenge, request: DigestRequest): string {
  const { realm, nonce, qop, algorithm, opaque } = challenge;
  const { username, uri, clientNonce } = request;
  const count = nonceCount(request.count);
  const parts = [
    `username=${quoted(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `algorithm=${algorithm}`,
    ...(qop ? [`qop=${qop}`, `nc=${count}`, `cnonce=${quoted(clientNonce)}`] : []),
    `response=${quoted(digestResponse(challenge, request))}`,
    ...(opaque === null ? [] : [`opaque=${quoted(opaque)}`]),
  ];
  return `Digest ${parts.join(', ')}`;
}

const quoted = (text: string) => `"${text.replace(/[\r\n]/g, '').replace(/["\\]/g, '\\$&')}"`;
