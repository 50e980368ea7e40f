import { canonicalIp, parseIpv6 } from '@picket/base/ip';
import { err, ok, type Result } from '@picket/base/result';
import { passwordSpecials, userSpecials } from './ring.ts';
import type { TextFieldSpec } from './text-field.ts';

const anything = (value: string): Result<string, string> => ok(value);

/** `DOMAIN NAME`; blank = none. */
export const domainName: TextFieldSpec = {
  alphabet: { letters: 'all', specials: '_.-' },
  length: 64,
  secret: false,
  check: anything,
};

/** A host of IPv4+v6 mode: a name or a dotted IPv4 address, with or without leading zeros, always decimal. */
export const hostOrIpv4: TextFieldSpec = {
  alphabet: { letters: 'all', specials: '.-' },
  length: 253,
  secret: false,
  check: checkHost,
};

/** A host of IPv6-only mode: a name or an IPv6 address. */
export const hostOrIpv6: TextFieldSpec = {
  alphabet: { letters: 'all', specials: '.-:' },
  length: 253,
  secret: false,
  check: (value) => {
    if (value.includes(':')) return checkIpv6(value);
    return /^[0-9.]*$/.test(value) ? err('NOT A NAME OR IPV6 ADDRESS') : checkHost(value);
  },
};

/** `PROXY PORT:`, four or five digits. */
export const port: TextFieldSpec = {
  alphabet: { letters: 'none', specials: '' },
  length: 5,
  secret: false,
  check: (value) =>
    value !== '' && Number(value) >= 1 && Number(value) <= 65_535 ? ok(String(Number(value))) : err('MUST BE 1-65535'),
};

/** `PROXY USER:`; blank = no authentication. A backslash parts an NTLM domain from the user. */
export const proxyUser: TextFieldSpec = {
  alphabet: { letters: 'all', specials: userSpecials },
  length: 64,
  secret: false,
  check: anything,
};

/** `PROXY PASSW`; spaces at its ends are dropped, those inside count. */
export const proxyPassword: TextFieldSpec = {
  alphabet: { letters: 'all', specials: passwordSpecials },
  length: 64,
  secret: true,
  check: anything,
};

const ipv6Alphabet = { letters: 'hex', specials: ':.' } as const;

/** An IPv6 address that must be there, in expanded or collapsed form. */
export const ipv6Address: TextFieldSpec = { alphabet: ipv6Alphabet, length: 45, secret: false, check: checkIpv6 };

/** An IPv6 address; blank = not set. */
export const optionalIpv6Address: TextFieldSpec = {
  ...ipv6Address,
  check: (value) => (value === '' ? ok('') : checkIpv6(value)),
};

/** 14 digits from the platform. */
export const personalizationCode: TextFieldSpec = {
  alphabet: { letters: 'none', specials: '' },
  length: 14,
  secret: false,
  check: (value) => (value.length === 14 ? ok(value) : err('IT HAS 14 DIGITS')),
};

function checkIpv6(value: string): Result<string, string> {
  return parseIpv6(value).ok ? ok(canonicalIp(value) ?? value) : err('NOT AN IPV6 ADDRESS');
}

function checkHost(value: string): Result<string, string> {
  if (value === '') return err('MUST NOT BE BLANK');
  if (/^[0-9.]+$/.test(value)) return checkIpv4(value);
  const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
  const labels = value.replace(/\.$/, '').split('.');
  return labels.every((each) => label.test(each)) ? ok(value) : err('NOT A HOST NAME');
}

function checkIpv4(value: string): Result<string, string> {
  const octets = value.split('.');
  const good = octets.length === 4 && octets.every((octet) => /^[0-9]{1,3}$/.test(octet) && Number(octet) <= 255);
  return good ? ok(octets.map(Number).join('.')) : err('NOT AN IPV4 ADDRESS');
}
