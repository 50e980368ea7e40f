/**
 * HalfSipHash-2-4 of three 32-bit words (Aumasson, Bernstein; the 32-bit member of the SipHash family), as the keyed function behind
 * cookies: an answer that carries the right 32 bits was made by somebody who saw our packet. 32-bit arithmetic only, no BigInt.
 */
export class HalfSipHash {
  readonly #k0: number;
  readonly #k1: number;

  /** `key`: 8 unpredictable bytes. */
  constructor(key: Uint8Array) {
    const view = new DataView(key.buffer, key.byteOffset, 8);
    this.#k0 = view.getInt32(0, true);
    this.#k1 = view.getInt32(4, true);
  }

  /** 0 to 2^32-1. */
  of(a: number, b: number, c: number): number {
    let v0 = this.#k0;
    let v1 = this.#k1;
    let v2 = 0x6c796765 ^ this.#k0;
    let v3 = 0x74656462 ^ this.#k1;
    // Three message words, then the length block (12 bytes), then four rounds of finalization after v2 ^= 0xff.
    for (let block = 0; block < 5; block += 1) {
      const word = block === 0 ? a : block === 1 ? b : block === 2 ? c : block === 3 ? 12 << 24 : 0;
      const rounds = block === 4 ? 4 : 2;
      if (block === 4) v2 ^= 0xff;
      v3 ^= word;
      for (let round = 0; round < rounds; round += 1) {
        v0 = (v0 + v1) | 0;
        v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
        v0 = (v0 << 16) | (v0 >>> 16);
        v2 = (v2 + v3) | 0;
        v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
        v0 = (v0 + v3) | 0;
        v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
        v2 = (v2 + v1) | 0;
        v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
        v2 = (v2 << 16) | (v2 >>> 16);
      }
      v0 ^= word;
    }
    return (v1 ^ v3) >>> 0;
  }
}
