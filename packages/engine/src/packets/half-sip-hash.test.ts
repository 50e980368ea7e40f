import { expect, test } from 'vitest';
import { HalfSipHash } from './half-sip-hash.ts';

/** Against the algorithm written down a second time, on BigInt. */
test('is HalfSipHash-2-4 with 32 bits', () => {
  const key = Uint8Array.from({ length: 8 }, (_, index) => index);
  const hash = new HalfSipHash(key);
  expect(hash.of(0x03020100, 0x07060504, 0x0b0a0908)).toBe(referenceOf(key, 12));
});

test('another key, another word, another hash', () => {
  const hashes = [0, 1, 2, 3].map((word) => new HalfSipHash(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)).of(word, 0, 0));
  hashes.push(new HalfSipHash(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 9)).of(0, 0, 0));
  expect(new Set(hashes).size).toBe(5);
});

/** The algorithm as its paper has it, on BigInt, for messages 00 01 02 …: slow and plain. */
function referenceOf(key: Uint8Array, length: number): number {
  const mask = 0xffffffffn;
  const word = (bytes: Uint8Array, at: number) => BigInt(new DataView(bytes.buffer).getUint32(at, true));
  const turn = (value: bigint, bits: bigint) => ((value << bits) | (value >> (32n - bits))) & mask;
  const [k0, k1] = [word(key, 0), word(key, 4)];
  let [v0, v1, v2, v3] = [k0, k1, 0x6c796765n ^ k0, 0x74656462n ^ k1];
  const rounds = (count: number) => {
    for (let index = 0; index < count; index += 1) {
      v0 = (v0 + v1) & mask;
      v1 = turn(v1, 5n) ^ v0;
      v0 = turn(v0, 16n);
      v2 = (v2 + v3) & mask;
      v3 = turn(v3, 8n) ^ v2;
      v0 = (v0 + v3) & mask;
      v3 = turn(v3, 7n) ^ v0;
      v2 = (v2 + v1) & mask;
      v1 = turn(v1, 13n) ^ v2;
      v2 = turn(v2, 16n);
    }
  };
  const message = Uint8Array.from({ length }, (_, index) => index);
  for (const block of [
    ...Array.from({ length: length / 4 }, (_, index) => word(message, index * 4)),
    BigInt(length) << 24n,
  ]) {
    v3 ^= block;
    rounds(2);
    v0 ^= block;
  }
  v2 ^= 0xffn;
  rounds(4);
  return Number(v1 ^ v3);
}
