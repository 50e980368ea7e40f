import type { IpAddress } from '@picket/base/ip';
import { formatIp } from '@picket/base/ip';
import { read32, write32 } from '../wire/big-endian.ts';
import { addWords } from '../wire/checksum.ts';

/**
 * Addresses as exact numbers: `prefix * 2^32 + low`. Prefix 0 is IPv4; each /96 of IPv6 in use gets a number of its own, so that the
 * packet loop compares, hashes and sorts addresses without BigInt or text. Grows with the prefixes of targets only, never with answers.
 */
export type AddressKey = number;

const lowSpan = 2 ** 32;
/** Bytes of an IPv6 address above its low 32 bits. */
const prefixBytes = 12;

export class AddressBook {
  readonly #prefixes: { readonly bytes: Uint8Array; readonly sum: number }[] = [
    { bytes: new Uint8Array(prefixBytes), sum: 0 },
  ];
  readonly #byHash = new Map<number, number[]>();

  /** The key of an address; takes a new prefix up when `learn` is set, else -1 for one that no target has. */
  key6(bytes: Uint8Array, at: number, learn = false): AddressKey {
    const hash = (read32(bytes, at) ^ Math.imul(read32(bytes, at + 4), 31) ^ Math.imul(read32(bytes, at + 8), 17)) | 0;
    const candidates = this.#byHash.get(hash);
    if (candidates)
      for (const prefix of candidates)
        if (this.#is(prefix, bytes, at)) return keyOf(prefix, read32(bytes, at + prefixBytes));
    if (!learn) return -1;
    const own = bytes.slice(at, at + prefixBytes);
    const prefix = this.#prefixes.push({ bytes: own, sum: addWords(own, 0, prefixBytes) }) - 1;
    if (candidates) candidates.push(prefix);
    else this.#byHash.set(hash, [prefix]);
    return keyOf(prefix, read32(bytes, at + prefixBytes));
  }

  /** The key of a target, for which a new prefix is taken up. */
  keyOf({ family, bits }: IpAddress): AddressKey {
    if (family === 4) return Number(bits);
    const bytes = new Uint8Array(16);
    for (let word = 0; word < 4; word += 1)
      write32(bytes, word * 4, Number((bits >> BigInt(96 - word * 32)) & 0xffffffffn));
    return this.key6(bytes, 0, true);
  }

  addressOf(key: AddressKey): IpAddress {
    const prefix = prefixOf(key);
    if (prefix === 0) return { family: 4, bits: BigInt(key) };
    const { bytes } = this.#at(prefix);
    let bits = 0n;
    for (let word = 0; word < 3; word += 1) bits = (bits << 32n) | BigInt(read32(bytes, word * 4));
    return { family: 6, bits: (bits << 32n) | BigInt(lowOf(key)) };
  }

  textOf(key: AddressKey): string {
    return formatIp(this.addressOf(key));
  }

  /** Writes the 4 or 16 bytes of an address. */
  write(key: AddressKey, out: Uint8Array, at: number): void {
    const prefix = prefixOf(key);
    if (prefix === 0) return write32(out, at, key);
    const { bytes } = this.#at(prefix);
    for (let index = 0; index < prefixBytes; index += 1) out[at + index] = bytes[index] ?? 0;
    write32(out, at + prefixBytes, lowOf(key));
  }

  /** Sum of the 16-bit words of an address, for checksums. */
  sum(key: AddressKey): number {
    const low = lowOf(key);
    return this.#at(prefixOf(key)).sum + (low >>> 16) + (low & 0xffff);
  }

  #at(prefix: number): { readonly bytes: Uint8Array; readonly sum: number } {
    const known = this.#prefixes[prefix];
    if (!known) throw new Error(`no prefix has the number ${prefix}`);
    return known;
  }

  #is(prefix: number, bytes: Uint8Array, at: number): boolean {
    const own = this.#at(prefix).bytes;
    for (let index = 0; index < prefixBytes; index += 1) if (own[index] !== bytes[at + index]) return false;
    return true;
  }
}

function keyOf(prefix: number, low: number): AddressKey {
  return prefix * lowSpan + low;
}

/** 0 for IPv4. */
export function prefixOf(key: AddressKey): number {
  return Math.floor(key / lowSpan);
}

/** The low 32 bits. */
export function lowOf(key: AddressKey): number {
  return key % lowSpan;
}
