import { formatIp, parseIp } from '@picket/base/ip';
import { read16, read32, write16, write32 } from './big-endian.ts';

/** Addresses between their text and the bytes of a packet. Text is made for results only; comparisons work on bytes. */

export const macLength = 6;

/** `ff:ff:ff:ff:ff:ff`. */
export const broadcastMac: Uint8Array = new Uint8Array(macLength).fill(0xff);

/** `aa:bb:cc:dd:ee:ff` of the six bytes at `at`. */
export function macText(bytes: Uint8Array, at = 0): string {
  let text = '';
  for (let index = 0; index < macLength; index += 1) {
    text += `${index === 0 ? '' : ':'}${(bytes[at + index] ?? 0).toString(16).padStart(2, '0')}`;
  }
  return text;
}

/** The six bytes of `aa:bb:cc:dd:ee:ff`; null for anything else. */
export function macBytes(text: string): Uint8Array | null {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) return null;
  return Uint8Array.from(text.split(':'), (octet) => Number.parseInt(octet, 16));
}

/** Dotted decimal of a 32-bit address. */
export function ipv4Text(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Canonical text (RFC 5952) of the 16 bytes at `at`. */
export function ipv6Text(bytes: Uint8Array, at = 0): string {
  let bits = 0n;
  for (let index = 0; index < 16; index += 4) bits = (bits << 32n) | BigInt(read32(bytes, at + index));
  return formatIp({ family: 6, bits });
}

/** The 4 or 16 bytes of an address text; null when it is none. */
export function addressBytes(text: string): Uint8Array | null {
  const parsed = parseIp(text);
  if (!parsed.ok) return null;
  const { family, bits } = parsed.value;
  const bytes = new Uint8Array(family === 4 ? 4 : 16);
  if (family === 4) write32(bytes, 0, Number(bits));
  else
    for (let group = 0; group < 8; group += 1)
      write16(bytes, group * 2, Number((bits >> BigInt(112 - group * 16)) & 0xffffn));
  return bytes;
}

/** Canonical text of a 4- or 16-byte address; null for another length. */
export function addressText(bytes: Uint8Array): string | null {
  if (bytes.length === 4) return ipv4Text(read32(bytes, 0));
  return bytes.length === 16 ? ipv6Text(bytes) : null;
}

/** `ff02::1:ffXX:XXXX`, where a neighbour solicitation for this address goes (RFC 4291 section 2.7.1). */
export function solicitedNodeGroup(address: Uint8Array): Uint8Array {
  const group = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 0);
  group.set(address.subarray(13, 16), 13);
  return group;
}

/** The Ethernet address of an IPv6 multicast group: 33:33 and its last four bytes (RFC 2464 section 7). */
export function multicastMac(group: Uint8Array): Uint8Array {
  const mac = new Uint8Array(macLength);
  write16(mac, 0, 0x3333);
  write16(mac, 2, read16(group, 12));
  write16(mac, 4, read16(group, 14));
  return mac;
}
