import { read16, read32, write16, write32 } from './big-endian.ts';
import { addWords, checksumOf } from './checksum.ts';

/**
 * IPv4 header (RFC 791 section 3.1):
 *
 *     0 version:4 length:4   1 DSCP, ECN   2 total length   4 identification   6 flags:3 fragment offset:13
 *     8 TTL   9 protocol   10 header checksum   12 source   16 destination   20 options
 */
export interface Ipv4Header {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly ttl: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  /** In bytes; a payload with an offset has no transport header. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  readonly totalLength: number;
  readonly payloadAt: number;
  /** End of the payload: of the packet (link padding comes after) or of the bytes, whichever is first. */
  readonly payloadEnd: number;
}

export const ipv4Length = 20;

/** Places of the fields that a template changes, from the start of the header. */
export const ipv4At = {
  totalLength: 2,
  identification: 4,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
} as const;

const flags = { dontFragment: 0x4000, moreFragments: 0x2000, offset: 0x1fff } as const;

/** Total: null when the header is cut or is none. A payload that is cut (quoted packets) is fine. */
export function decodeIpv4(bytes: Uint8Array, at = 0, end = bytes.length): Ipv4Header | null {
  if (at + ipv4Length > end) return null;
  const first = bytes[at] ?? 0;
  const headerLength = (first & 0x0f) * 4;
  const totalLength = read16(bytes, at + ipv4At.totalLength);
  if (first >>> 4 !== 4 || headerLength < ipv4Length || at + headerLength > end || totalLength < headerLength)
    return null;
  const fragment = read16(bytes, at + 6);
  return {
    source: read32(bytes, at + ipv4At.source),
    destination: read32(bytes, at + ipv4At.destination),
    protocol: bytes[at + ipv4At.protocol] ?? 0,
    ttl: bytes[at + ipv4At.ttl] ?? 0,
    identification: read16(bytes, at + ipv4At.identification),
    dontFragment: (fragment & flags.dontFragment) !== 0,
    fragmentOffset: (fragment & flags.offset) * 8,
    moreFragments: (fragment & flags.moreFragments) !== 0,
    totalLength,
    payloadAt: at + headerLength,
    payloadEnd: Math.min(end, at + totalLength),
  };
}

export interface Ipv4Record {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly ttl: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly payloadLength: number;
}

/** Writes a header without options, checksum included; returns where the payload begins. */
export function writeIpv4(out: Uint8Array, at: number, record: Ipv4Record): number {
  write16(out, at, 0x4500);
  write16(out, at + ipv4At.totalLength, ipv4Length + record.payloadLength);
  write16(out, at + ipv4At.identification, record.identification);
  write16(out, at + 6, record.dontFragment ? flags.dontFragment : 0);
  out[at + ipv4At.ttl] = record.ttl;
  out[at + ipv4At.protocol] = record.protocol;
  write16(out, at + ipv4At.checksum, 0);
  write32(out, at + ipv4At.source, record.source);
  write32(out, at + ipv4At.destination, record.destination);
  write16(out, at + ipv4At.checksum, checksumOf(addWords(out, at, at + ipv4Length)));
  return at + ipv4Length;
}
