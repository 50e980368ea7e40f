/**
 * A pseudo-random order of 0 … size-1 without a table: a balanced Feistel network over the next even number of bits,
 * walked in cycles until the value falls into the range. A bijection for every seed; constant memory; at most four
 * tries on average. Neighbouring ports of a host are not asked in a row, which some firewalls take for an attack.
 */
export class Permutation {
  readonly size: number;
  readonly #halfBits: number;
  readonly #mask: number;
  readonly #keys: readonly number[];

  /** `size` up to 2^32; `seed` any 32-bit integer. */
  constructor(size: number, seed: number) {
    this.size = size;
    const bits = Math.max(2, Math.ceil(Math.log2(Math.max(2, size))));
    this.#halfBits = Math.ceil(bits / 2);
    this.#mask = 2 ** this.#halfBits - 1;
    this.#keys = [1, 2, 3, 4].map((round) => mix(seed ^ Math.imul(round, 0x9e3779b9)));
  }

  /** The element at a place of the order. */
  at(index: number): number {
    let value = index;
    do value = this.#encrypt(value);
    while (value >= this.size);
    return value;
  }

  #encrypt(value: number): number {
    let left = Math.floor(value / 2 ** this.#halfBits);
    let right = value % 2 ** this.#halfBits;
    for (const key of this.#keys) {
      const next = (left ^ mix(right ^ key)) & this.#mask;
      left = right;
      right = next;
    }
    return left * 2 ** this.#halfBits + right;
  }
}

/** The finalizer of MurmurHash3 (public domain): every input bit changes every output bit about half the time. */
export function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
