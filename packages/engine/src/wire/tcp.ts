import { read16, read32, write16, write32 } from './big-endian.ts';
import { addWords, checksumOf } from './checksum.ts';

/**
 * TCP header (RFC 9293 section 3.1):
 *
 *     0 source port   2 destination port   4 sequence   8 acknowledgement   12 data offset:4 reserved:4   13 flags
 *     14 window   16 checksum   18 urgent pointer   20 options
 */
export interface TcpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly window: number;
  readonly urgent: number;
  readonly optionsAt: number;
  /** End of the options. */
  readonly payloadAt: number;
}

export const tcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

export const tcpLength = 20;

/** Places of the fields that a template changes, from the start of the header. */
export const tcpAt = {
  sourcePort: 0,
  destinationPort: 2,
  sequence: 4,
  acknowledgement: 8,
  flags: 13,
  window: 14,
  checksum: 16,
} as const;

/** Total: null when header or options are cut. */
export function decodeTcp(bytes: Uint8Array, at = 0, end = bytes.length): TcpHeader | null {
  if (at + tcpLength > end) return null;
  const headerLength = ((bytes[at + 12] ?? 0) >>> 4) * 4;
  if (headerLength < tcpLength || at + headerLength > end) return null;
  return {
    sourcePort: read16(bytes, at + tcpAt.sourcePort),
    destinationPort: read16(bytes, at + tcpAt.destinationPort),
    sequence: read32(bytes, at + tcpAt.sequence),
    acknowledgement: read32(bytes, at + tcpAt.acknowledgement),
    flags: bytes[at + tcpAt.flags] ?? 0,
    window: read16(bytes, at + tcpAt.window),
    urgent: read16(bytes, at + 18),
    optionsAt: at + tcpLength,
    payloadAt: at + headerLength,
  };
}

export interface TcpRecord {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly window: number;
  readonly urgent: number;
  /** As on the wire, a multiple of 4, at most 40 bytes. */
  readonly options: Uint8Array;
}

/** Writes header and options with a zero checksum; returns where the payload begins. */
export function writeTcp(out: Uint8Array, at: number, record: TcpRecord): number {
  const headerLength = tcpLength + record.options.length;
  write16(out, at + tcpAt.sourcePort, record.sourcePort);
  write16(out, at + tcpAt.destinationPort, record.destinationPort);
  write32(out, at + tcpAt.sequence, record.sequence);
  write32(out, at + tcpAt.acknowledgement, record.acknowledgement);
  out[at + 12] = (headerLength / 4) << 4;
  out[at + tcpAt.flags] = record.flags;
  write16(out, at + tcpAt.window, record.window);
  write16(out, at + tcpAt.checksum, 0);
  write16(out, at + 18, record.urgent);
  out.set(record.options, at + tcpLength);
  return at + headerLength;
}

/** Fills the checksum in, over a segment that ends at `end`; `pseudoSum` is that of `checksum.ts` for the same length. */
export function sealTcp(out: Uint8Array, at: number, end: number, pseudoSum: number): void {
  write16(out, at + tcpAt.checksum, 0);
  write16(out, at + tcpAt.checksum, checksumOf(addWords(out, at, end, pseudoSum)));
}
