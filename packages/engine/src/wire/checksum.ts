import { read16 } from './big-endian.ts';

/**
 * The Internet checksum (RFC 1071): the one's complement of the one's complement sum of all 16-bit words. A sum is kept unfolded in a
 * JavaScript number (exact far beyond the largest packet), so that parts can be summed once and added up later.
 *
 * Received checksums are not looked at: a network card may have checked them already and virtual links hand over packets of this machine
 * whose checksum was never filled in (checksum offload). What was meant for us is decided by cookies.
 */

/** Adds the words of `bytes` from `at` up to `end` to `sum`; an odd last byte counts as the upper half of a word. */
export function addWords(bytes: Uint8Array, at: number, end: number, sum = 0): number {
  let total = sum;
  let index = at;
  for (; index + 1 < end; index += 2) total += read16(bytes, index);
  return index < end ? total + ((bytes[index] ?? 0) << 8) : total;
}

/** The 16 bits that go into the header. */
export function checksumOf(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** A checksum after one 16-bit word under it changed (RFC 1624 section 3, equation 3). */
export function updatedChecksum(checksum: number, oldWord: number, newWord: number): number {
  const sum = (~checksum & 0xffff) + (~oldWord & 0xffff) + (newWord & 0xffff);
  const folded = (sum & 0xffff) + (sum >>> 16);
  return ~((folded & 0xffff) + (folded >>> 16)) & 0xffff;
}

/** Sum of the IPv4 pseudo header (RFC 9293 section 3.1); `length` is that of the transport header and payload. */
export function pseudoSum4(source: number, destination: number, protocol: number, length: number): number {
  return (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + length;
}

/** Sum of the IPv6 pseudo header (RFC 8200 section 8.1); the addresses have 16 bytes. */
export function pseudoSum6(source: Uint8Array, destination: Uint8Array, protocol: number, length: number): number {
  const addresses = addWords(destination, 0, 16, addWords(source, 0, 16));
  return addresses + (length >>> 16) + (length & 0xffff) + protocol;
}
