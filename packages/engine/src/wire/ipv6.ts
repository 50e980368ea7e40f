import { read16, write16, write32 } from './big-endian.ts';

/**
 * IPv6 header (RFC 8200 section 3) and the extension headers after it:
 *
 *     0 version:4 traffic class:8 flow label:20   4 payload length   6 next header   7 hop limit   8 source   24 destination   40
 */
export interface Ipv6Header {
  /** 16 bytes each in the decoded array. */
  readonly sourceAt: number;
  readonly destinationAt: number;
  readonly hopLimit: number;
  /** Protocol after the last extension header: TCP, UDP, ICMPv6, or one that the walk does not look into. */
  readonly protocol: number;
  /** In bytes; a payload with an offset has no transport header. */
  readonly fragmentOffset: number;
  readonly payloadAt: number;
  readonly payloadEnd: number;
}

export const ipv6Length = 40;

/** Places of the fields that a template changes, from the start of the header. */
export const ipv6At = { payloadLength: 4, nextHeader: 6, hopLimit: 7, source: 8, destination: 24 } as const;

/** Next-header values of RFC 8200 section 4 and RFC 4302. */
const extension = { hopByHop: 0, routing: 43, fragment: 44, authentication: 51, destination: 60 } as const;
/** A real packet has at most one of each, and destination options twice. */
const mostExtensions = 8;

/** Total: null when a header is cut, the packet is none, or it has more extension headers than any real one. */
export function decodeIpv6(bytes: Uint8Array, at = 0, end = bytes.length): Ipv6Header | null {
  if (at + ipv6Length > end || (bytes[at] ?? 0) >>> 4 !== 6) return null;
  const payloadLength = read16(bytes, at + ipv6At.payloadLength);
  // Zero is a jumbogram (RFC 2675): its length is that of the frame.
  const payloadEnd = payloadLength === 0 ? end : Math.min(end, at + ipv6Length + payloadLength);
  let protocol = bytes[at + ipv6At.nextHeader] ?? 0;
  let payloadAt = at + ipv6Length;
  let fragmentOffset = 0;
  for (let count = 0; isExtension(protocol) && fragmentOffset === 0; count += 1) {
    if (count === mostExtensions || payloadAt + 8 > payloadEnd) return null;
    const length = extensionLength(protocol, bytes[payloadAt + 1] ?? 0);
    if (protocol === extension.fragment) fragmentOffset = read16(bytes, payloadAt + 2) & 0xfff8;
    protocol = bytes[payloadAt] ?? 0;
    payloadAt += length;
    if (payloadAt > payloadEnd) return null;
  }
  return {
    sourceAt: at + ipv6At.source,
    destinationAt: at + ipv6At.destination,
    hopLimit: bytes[at + ipv6At.hopLimit] ?? 0,
    protocol,
    fragmentOffset,
    payloadAt,
    payloadEnd,
  };
}

function isExtension(nextHeader: number): boolean {
  return (
    nextHeader === extension.hopByHop ||
    nextHeader === extension.routing ||
    nextHeader === extension.fragment ||
    nextHeader === extension.authentication ||
    nextHeader === extension.destination
  );
}

function extensionLength(kind: number, lengthField: number): number {
  if (kind === extension.fragment) return 8;
  // The authentication header counts in units of four bytes, minus two.
  return kind === extension.authentication ? (lengthField + 2) * 4 : (lengthField + 1) * 8;
}

export interface Ipv6Record {
  /** 16 bytes each. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly nextHeader: number;
  readonly hopLimit: number;
  /** Extension headers included. */
  readonly payloadLength: number;
}

/** Writes the fixed header; returns where the payload begins. */
export function writeIpv6(out: Uint8Array, at: number, record: Ipv6Record): number {
  write32(out, at, 0x60000000);
  write16(out, at + ipv6At.payloadLength, record.payloadLength);
  out[at + ipv6At.nextHeader] = record.nextHeader;
  out[at + ipv6At.hopLimit] = record.hopLimit;
  out.set(record.source, at + ipv6At.source);
  out.set(record.destination, at + ipv6At.destination);
  return at + ipv6Length;
}

/** What the router alert below adds. */
export const routerAlertLength = 8;

/**
 * Writes a hop-by-hop header with a router alert for MLD (RFC 2711 section 2.1), without which hosts ignore a query. The header
 * before it has next header 0. Returns where the payload begins.
 */
export function writeRouterAlert(out: Uint8Array, at: number, nextHeader: number): number {
  out[at] = nextHeader;
  out[at + 1] = 0;
  // Option 5, two bytes, value 0 (MLD); then two bytes of padding (PadN).
  write32(out, at + 2, 0x05020000);
  write16(out, at + 6, 0x0100);
  return at + routerAlertLength;
}
