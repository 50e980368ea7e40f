import { err, ok, type Result } from './result.ts';

/** An IP address: `bits` is its 32 or 128 bits as an unsigned integer. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

/** First and last address of one family, inclusive. */
export interface IpRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Why a text is no address; `reason` is a clause that completes "X is not an address: ...". */
export interface IpParseError {
  readonly reason: string;
}

export function familyBits(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** Four decimal octets without leading zeros (RFC 6943 section 3.1.1: the strict form). Octal, hex and short forms are refused. */
export function parseIpv4(text: string): Result<IpAddress, IpParseError> {
  const parts = text.split('.');
  if (parts.some((part) => /^0x/i.test(part))) return err({ reason: 'hexadecimal octets are not accepted' });
  if (parts.length !== 4) return err({ reason: `it has ${parts.length} octets instead of four` });
  let bits = 0n;
  for (const part of parts) {
    if (!/^[0-9]{1,3}$/.test(part)) return err({ reason: `"${part.slice(0, 20)}" is not an octet` });
    if (part.length > 1 && part.startsWith('0')) {
      return err({ reason: `"${part}" has a leading zero, which some programs read as octal` });
    }
    const octet = Number(part);
    if (octet > 255) return err({ reason: `octet ${octet} is larger than 255` });
    bits = (bits << 8n) | BigInt(octet);
  }
  return ok({ family: 4, bits });
}

/** The text forms of RFC 4291 section 2.2, the mixed one included. Zone identifiers are refused. */
export function parseIpv6(text: string): Result<IpAddress, IpParseError> {
  if (text.length > 45) return err({ reason: 'it is too long' });
  if (text.includes('%')) return err({ reason: 'a zone identifier (%) is not accepted here' });
  if (!/^[0-9A-Fa-f:.]+$/.test(text)) return err({ reason: 'it holds characters that no IPv6 address has' });
  const halves = text.split('::');
  if (halves.length > 2) return err({ reason: '"::" stands more than once' });
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  if (!head.ok) return head;
  if (halves.length === 1) {
    if (head.value.length !== 8) return err({ reason: `it has ${head.value.length} groups instead of eight` });
    return ok({ family: 6, bits: joinGroups(head.value) });
  }
  const tail = parseGroups(halves[1] ?? '', true);
  if (!tail.ok) return tail;
  const missing = 8 - head.value.length - tail.value.length;
  if (missing < 1) return err({ reason: '"::" stands for no group at all' });
  return ok({ family: 6, bits: joinGroups([...head.value, ...Array<number>(missing).fill(0), ...tail.value]) });
}

function parseGroups(text: string, mayEndInIpv4: boolean): Result<number[], IpParseError> {
  if (text === '') return ok([]);
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      if (!mayEndInIpv4 || index !== parts.length - 1) return err({ reason: 'an IPv4 part may only stand at the end' });
      const ipv4 = parseIpv4(part);
      if (!ipv4.ok) return ipv4;
      groups.push(Number(ipv4.value.bits >> 16n), Number(ipv4.value.bits & 0xffffn));
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return err({ reason: `"${part}" is not a group of one to four hexadecimal digits` });
    }
  }
  return ok(groups);
}

function joinGroups(groups: readonly number[]): bigint {
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** Parses either family. */
export function parseIp(text: string): Result<IpAddress, IpParseError> {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Canonical text: dotted decimal, or RFC 5952 for IPv6. `parseIp(formatIp(a))` is `a`. */
export function formatIp(address: IpAddress): string {
  return address.family === 4 ? formatIpv4(address.bits) : formatIpv6(address.bits);
}

function formatIpv4(bits: bigint): string {
  const value = Number(bits);
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function formatIpv6(bits: bigint): string {
  if (bits >> 32n === 0xffffn) return `::ffff:${formatIpv4(bits & 0xffffffffn)}`;
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((bits >> shift) & 0xffffn));
  const run = longestZeroRun(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (run.length < 2) return hex(groups);
  return `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = -1;
  for (const [index, group] of [...groups, 1].entries()) {
    if (group === 0) {
      if (start < 0) start = index;
    } else if (start >= 0) {
      if (index - start > best.length) best = { start, length: index - start };
      start = -1;
    }
  }
  return best;
}

/** The canonical text of an address text, or null. */
export function canonicalIp(text: string): string | null {
  const parsed = parseIp(text);
  return parsed.ok ? formatIp(parsed.value) : null;
}

/** The addresses of a prefix. Host bits below the prefix are dropped. */
export function cidrRange(address: IpAddress, prefix: number): IpRange {
  const hostBits = BigInt(familyBits(address.family) - prefix);
  const first = (address.bits >> hostBits) << hostBits;
  return { family: address.family, first, last: first | ((1n << hostBits) - 1n) };
}

/** `10.0.0.7` for one address, else `10.0.0.0-10.0.0.255`. */
export function formatRange(range: IpRange): string {
  const first = formatIp({ family: range.family, bits: range.first });
  return range.first === range.last ? first : `${first}-${formatIp({ family: range.family, bits: range.last })}`;
}

/** Reads what `formatRange` writes, and CIDR. Strict: for documents between processes, not for what people type. */
export function parseRange(text: string): Result<IpRange, IpParseError> {
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const address = parseIp(text.slice(0, slash));
    if (!address.ok) return address;
    const prefix = Number(text.slice(slash + 1));
    if (!/^[0-9]{1,3}$/.test(text.slice(slash + 1)) || prefix > familyBits(address.value.family)) {
      return err({ reason: `"/${text.slice(slash + 1)}" is no prefix length` });
    }
    return ok(cidrRange(address.value, prefix));
  }
  const dash = text.indexOf('-');
  const first = parseIp(dash < 0 ? text : text.slice(0, dash));
  if (!first.ok) return first;
  const last = dash < 0 ? first : parseIp(text.slice(dash + 1));
  if (!last.ok) return last;
  if (first.value.family !== last.value.family) return err({ reason: 'its ends are of different families' });
  if (first.value.bits > last.value.bits) return err({ reason: 'its first address is larger than its last' });
  return ok({ family: first.value.family, first: first.value.bits, last: last.value.bits });
}
