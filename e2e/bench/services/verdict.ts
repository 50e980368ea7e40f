import type { TruthService } from '../../../lab/truth.ts';

/** What a scanner says of one service. */
export interface Said {
  readonly name: string;
  readonly product: string | null;
  readonly version: string | null;
  /** The name rests on the port number alone. */
  readonly guessed: boolean;
  readonly tls: boolean;
}

/** A fact that the service tells: right, missing or wrong. One that it keeps back: unsaid, or claimed and so `right` or `wrong`. */
export type Verdict = 'right' | 'missing' | 'wrong' | 'unsaid';

/** How a scanner did on one service. */
export interface ServiceVerdict {
  readonly name: Verdict;
  readonly product: Verdict;
  readonly version: Verdict;
}

/** Names that scanners use for what IANA calls otherwise. Both sides are judged by the same list. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  memcache: ['memcached'],
  'microsoft-ds': ['netbios-ssn', 'smb', 'samba'],
  sunrpc: ['rpcbind'],
  rfb: ['vnc'],
  mqtt: ['mosquitto'],
  x11: ['x11'],
  imap: ['imaps'],
  pop3: ['pop3s'],
  smtp: ['smtps'],
  http: ['https', 'http-proxy'],
};

/**
 * Judges what was said of a service, or that nothing was. `version` is the upstream version of its package. In the scanner's favour: a name
 * such as `mosquitto version 2.0.11` counts as product and version too, a product that is only the protocol's name is no claim, and no
 * version is one without a product (the versions of a protocol). Pure.
 */
export function judgeService(
  service: TruthService,
  version: string | undefined,
  said: Said | undefined,
): ServiceVerdict {
  const tells = (fact: TruthService['tells'][number]) => service.tells.includes(fact);
  const name = said && said.name !== 'unknown' && said.name !== '' ? isName(service.service, said.name) : null;
  const claim = said ? claimed(service, said) : null;
  const product = claim?.product ? isProduct(service.product, claim.product) : null;
  const told = claim?.version ? version !== undefined && isVersion(version, claim.version) : null;
  return {
    name: verdict(tells('name'), name),
    product: verdict(tells('product'), product),
    version: verdict(tells('version'), told),
  };
}

function claimed(service: TruthService, said: Said): { product: string | null; version: string | null } | null {
  const inName = /^(\S+) version (\S+)$/.exec(said.name);
  if (said.product === null && inName) return { product: inName[1] ?? '', version: inName[2] ?? null };
  if (said.product === null) return null;
  const protocolOnly = [service.service, ...(otherNames[service.service] ?? [])].includes(said.product.toLowerCase());
  const product = protocolOnly && !isProduct(service.product, said.product) ? null : said.product;
  return { product, version: said.version };
}

function verdict(expected: boolean, right: boolean | null): Verdict {
  if (right === null) return expected ? 'missing' : 'unsaid';
  return right ? 'right' : 'wrong';
}

function isName(truth: string, said: string): boolean {
  const word = said.toLowerCase().split(' ')[0] ?? '';
  return word === truth || (otherNames[truth] ?? []).includes(word);
}

/** By words: one holds the other, `Apache httpd` and `httpd`, `Redis` and `Redis key-value store`. */
function isProduct(truth: string, said: string): boolean {
  const [a, b] = [words(truth), words(said)];
  return b !== '' && (` ${a} `.includes(` ${b} `) || ` ${b} `.includes(` ${a} `));
}

function words(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/**
 * Equal, one goes on where the other ends (`9.2p1 Debian 2+deb12u7` and 9.2p1, never 9.2 and 9.21), the true one stands in what MariaDB says
 * to clients of old (`5.5.5-10.11.6-MariaDB`), or "9.6 or later" and it is.
 */
function isVersion(truth: string, said: string): boolean {
  const least = /^(\S+) or later$/.exec(said)?.[1];
  if (least !== undefined) return truth.localeCompare(least, 'en', { numeric: true }) >= 0;
  const begins = (long: string, short: string) =>
    long.startsWith(short) && !/^[0-9A-Za-z]/.test(long.slice(short.length));
  return begins(said, truth) || begins(truth, said) || begins(said.replace(/^5\.5\.5-/, ''), truth);
}
