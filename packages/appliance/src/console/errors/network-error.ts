import type { Attempt } from './attempt.ts';
import { type Cause, causeTexts, type Part, type Port } from './cause.ts';

/** The two lines of `NETWORK ERR` as data. */
export interface NetworkError {
  /** Two digits: which attempt failed. */
  readonly code: string;
  /** At most 16 characters: why. */
  readonly description: string;
  /** The code that older models show for it. */
  readonly eCode: string;
}

/** Columns of the code table: what the failure is about. */
type Column = Part | 'invalid';
type Row = Readonly<Record<Column, string>>;

const same = (code: string): Row => ({
  link: code,
  address: code,
  invalid: code,
  gateway: code,
  dns: code,
  proxy: code,
  platform: code,
});

/** Code by attempt and kind of cause. 02, 05 and 11 are not used. */
export const codeTable: Readonly<Record<Attempt, Row>> = {
  'in-force': same('01'),
  boot: same('06'),
  activation: { ...same('01'), dns: '14' },
  'lan-dhcp': { ...same('10'), dns: '09' },
  'lan-static': { ...same('10'), invalid: '07', gateway: '07', dns: '09' },
  vlan: same('13'),
  'wan-dhcp': { ...same('12'), dns: '09' },
  'wan-static': { ...same('12'), invalid: '08', gateway: '08', dns: '09' },
  'wan-disabled': same('12'),
  'proxy-enabled': same('03'),
  'proxy-disabled': same('04'),
  'ip-mode': same('10'),
  reset: { ...same('10'), dns: '09' },
};

/** What `NETWORK ERR` says of an attempt that failed for this reason. */
export function networkError(attempt: Attempt, cause: Cause): NetworkError {
  const code = codeTable[attempt][cause.kind === 'invalid-config' ? 'invalid' : causeTexts[cause.kind].part];
  return { code, description: description(cause), eCode: eCode(code, cause) };
}

/** The second line of the screen. */
export function description(cause: Cause): string {
  const port = 'port' in cause ? cause.port.toUpperCase() : '';
  switch (cause.kind) {
    case 'iface-down':
      return `${port} iface down`;
    case 'no-carrier':
      return `${port} no CARRIER`;
    case 'no-address':
      return `${port} no IPv${cause.family}`;
    case 'no-dns-server':
      return `${port} no DNS srv`;
    case 'dns-failed':
      return `${port} DNS failed`;
    case 'no-gateway':
      return `no ${port} IPv${cause.family} GW`;
    case 'invalid-config':
      return `inv ${port} IP cnf`;
    case 'proxy-timeout':
      return 'prxy con tmout';
    case 'proxy-closed':
      return 'prxy con close';
    case 'proxy-no-http':
      return 'prxy no HTTP/1';
    case 'proxy-no-auth':
      return 'prxy noauthsup';
    case 'proxy-status':
      return `prxy HTTP/${cause.status}`;
    case 'platform-timeout':
      return 'PK con timeout';
    case 'tls-handshake':
      return 'PK SSL handshk';
    case 'certificate':
      return 'PK SSL certval';
    case 'platform-answer':
      return 'PK bad answer';
    case 'platform-refused':
      return 'PK refused';
  }
}

/** The E-code: the most specific one, whichever attempt it was. */
function eCode(code: string, cause: Cause): string {
  switch (cause.kind) {
    case 'no-dns-server':
      return code === '14' ? 'E14' : 'E13';
    case 'dns-failed':
      if (code === '14') return 'E14';
      return cause.answered ? 'E05' : 'E13';
    case 'iface-down':
    case 'no-carrier':
    case 'no-address':
      return cause.port === 'lan' ? 'E10' : 'E12';
    case 'invalid-config':
    case 'no-gateway':
      return addressECode(code, cause);
    case 'proxy-timeout':
    case 'proxy-no-http':
    case 'proxy-closed':
    case 'proxy-no-auth':
    case 'proxy-status':
      return proxyECode(code, cause);
    case 'platform-timeout':
    case 'tls-handshake':
    case 'certificate':
    case 'platform-answer':
    case 'platform-refused':
      return code === '04' ? 'E04' : 'E06';
  }
}

function addressECode(code: string, cause: Extract<Cause, { port: Port }>): string {
  const loopback = cause.kind === 'invalid-config' && cause.loopback;
  if (code === '07') return loopback ? 'E09' : 'E07';
  if (code === '08') return loopback ? 'E11' : 'E08';
  return cause.port === 'lan' ? 'E10' : 'E12';
}

/** E03 where the saved host, port, user or password is the cause; E00 and E01 part an NTLM proxy that fell silent from one that answered. */
function proxyECode(code: string, cause: Extract<Cause, { ntlm: boolean }>): string {
  const ofParameters =
    cause.kind === 'proxy-timeout' ||
    cause.kind === 'proxy-no-http' ||
    // Some refuse a login by 401.
    (cause.kind === 'proxy-status' && (cause.status === 407 || cause.status === 401));
  if (code === '03' && ofParameters) return 'E03';
  if (!cause.ntlm) return 'E02';
  return cause.kind === 'proxy-timeout' || cause.kind === 'proxy-closed' ? 'E00' : 'E01';
}
