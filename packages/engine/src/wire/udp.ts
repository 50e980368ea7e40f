import { read16, write16 } from './big-endian.ts';
import { addWords, checksumOf } from './checksum.ts';

/** UDP header (RFC 768): source port, destination port, length, checksum; two bytes each. */
export interface UdpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Header and payload, as the sender states it. */
  readonly length: number;
  readonly payloadAt: number;
  /** End of the datagram or of the bytes, whichever is first. */
  readonly payloadEnd: number;
}

export const udpLength = 8;

/** Places of the fields that a template changes, from the start of the header. */
export const udpAt = { sourcePort: 0, destinationPort: 2, length: 4, checksum: 6 } as const;

/** Total: null when the header is cut or states a length below its own. */
export function decodeUdp(bytes: Uint8Array, at = 0, end = bytes.length): UdpHeader | null {
  if (at + udpLength > end) return null;
  const length = read16(bytes, at + udpAt.length);
  if (length < udpLength) return null;
  return {
    sourcePort: read16(bytes, at + udpAt.sourcePort),
    destinationPort: read16(bytes, at + udpAt.destinationPort),
    length,
    payloadAt: at + udpLength,
    payloadEnd: Math.min(end, at + length),
  };
}

export interface UdpRecord {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** Writes header and payload with a zero checksum; returns where the datagram ends. */
export function writeUdp(out: Uint8Array, at: number, record: UdpRecord): number {
  const length = udpLength + record.payload.length;
  write16(out, at + udpAt.sourcePort, record.sourcePort);
  write16(out, at + udpAt.destinationPort, record.destinationPort);
  write16(out, at + udpAt.length, length);
  write16(out, at + udpAt.checksum, 0);
  out.set(record.payload, at + udpLength);
  return at + length;
}

/** Fills the checksum in, over a datagram that ends at `end`. Zero would mean "none", so it goes out as 0xffff. */
export function sealUdp(out: Uint8Array, at: number, end: number, pseudoSum: number): void {
  write16(out, at + udpAt.checksum, 0);
  write16(out, at + udpAt.checksum, checksumOf(addWords(out, at, end, pseudoSum)) || 0xffff);
}
