import { ipv6Text } from './address-bytes.ts';
import { read16, write16, write32 } from './big-endian.ts';
import { icmpv6Type } from './icmpv6.ts';

/**
 * Multicast listener discovery. Version 1 (RFC 2710 section 3), after the ICMPv6 type, code and checksum:
 *
 *     4 maximum response delay, ms (2)   6 reserved   8 group (16)
 *
 * Version 2 (RFC 3810 section 5): a query adds 24 flags (2) 26 number of sources (2); a report is
 *
 *     4 reserved   6 number of records (2)   8 records: 0 type  1 auxiliary length (x 4)  2 sources (2)  4 group (16)  20 sources (x 16)
 */
export type ListenerMessage =
  | { readonly kind: 'query'; readonly maxResponseMs: number; readonly group: string; readonly version: 1 | 2 }
  | { readonly kind: 'report' | 'done'; readonly groups: readonly string[] };

const v1Length = 24;
const v2QueryLength = 28;
const recordLength = 20;
/** Groups of one report that are kept: a host has a handful. */
const mostGroups = 128;

/** Total: null for other types and for messages that are cut; a report keeps the records before the cut. */
export function decodeListener(bytes: Uint8Array, at = 0, end = bytes.length): ListenerMessage | null {
  if (at + 8 > end) return null;
  const type = bytes[at];
  if (type === icmpv6Type.listenerReportV2) return { kind: 'report', groups: groupsOf(bytes, at, end) };
  if (at + v1Length > end) return null;
  const group = ipv6Text(bytes, at + 8);
  if (type === icmpv6Type.listenerQuery) {
    const version = at + v2QueryLength <= end ? 2 : 1;
    return { kind: 'query', maxResponseMs: read16(bytes, at + 4), group, version };
  }
  if (type === icmpv6Type.listenerReport) return { kind: 'report', groups: [group] };
  return type === icmpv6Type.listenerDone ? { kind: 'done', groups: [group] } : null;
}

function groupsOf(bytes: Uint8Array, at: number, end: number): string[] {
  const groups: string[] = [];
  const count = Math.min(mostGroups, read16(bytes, at + 6));
  let next = at + 8;
  while (groups.length < count && next + recordLength <= end) {
    groups.push(ipv6Text(bytes, next + 4));
    next += recordLength + read16(bytes, next + 2) * 16 + (bytes[next + 1] ?? 0) * 4;
  }
  return groups;
}

export const listenerQueryLength = v2QueryLength;

/**
 * Writes a general query of version 2 with a zero checksum: every listener on the link reports its groups, so every IPv6 host tells
 * its presence. It goes to ff02::1 from a link-local address, hop limit 1, with a router alert. Returns where it ends.
 */
export function writeListenerQuery(out: Uint8Array, at: number, maxResponseMs: number): number {
  write32(out, at, icmpv6Type.listenerQuery << 24);
  write16(out, at + 4, Math.min(0x7fff, maxResponseMs));
  write16(out, at + 6, 0);
  out.fill(0, at + 8, at + v1Length);
  // Robustness variable 2, query interval 125 s: the defaults of RFC 3810 section 9.
  write32(out, at + v1Length, 0x027d0000);
  return at + v2QueryLength;
}
