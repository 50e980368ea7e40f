import type { RangeSet } from '@picket/base/range-set';
import type { AddressBook, AddressKey } from './address-book.ts';

const lowBits = 32n;

/**
 * A set of addresses as ranges of keys, in the order of the addresses: the n-th address and the place of an address, by binary search
 * over the ranges. (Keys of IPv6 prefixes follow each other in the order in which the book met them.)
 */
export class KeyRanges {
  readonly count: number;
  readonly #firsts: readonly number[];
  /** Addresses before each range. */
  readonly #before: readonly number[];
  /** The same ranges by key. */
  readonly #sorted: readonly { readonly first: number; readonly last: number; readonly before: number }[];
  readonly #sortedFirsts: readonly number[];
  /** Ranges of the last hits: neighbours follow each other. */
  #placeHit = 0;
  #keyHit = 0;

  private constructor(ranges: readonly (readonly [AddressKey, AddressKey])[]) {
    let count = 0;
    const counted = ranges.map(([first, last]) => {
      const before = count;
      count += last - first + 1;
      return { first, last, before };
    });
    this.count = count;
    this.#firsts = counted.map(({ first }) => first);
    this.#before = counted.map(({ before }) => before);
    this.#sorted = counted.toSorted((a, b) => a.first - b.first);
    this.#sortedFirsts = this.#sorted.map(({ first }) => first);
  }

  /** IPv6 ranges are cut where their low 32 bits run over. IPv4-mapped IPv6 is left out: the kernel would send IPv4. */
  static of(set: RangeSet, book: AddressBook): KeyRanges {
    const ranges: [AddressKey, AddressKey][] = [];
    for (const { family, first, last } of set) {
      let from = first;
      while (from <= last) {
        const edge = family === 4 ? last : ((from >> lowBits) + 1n) * (1n << lowBits) - 1n;
        const to = edge < last ? edge : last;
        const mapped = family === 6 && from >> lowBits === 0xffffn;
        if (!mapped) ranges.push([book.keyOf({ family, bits: from }), book.keyOf({ family, bits: to })]);
        from = to + 1n;
      }
    }
    return new KeyRanges(ranges);
  }

  /** First and last address of each range, in order. */
  get ranges(): readonly (readonly [AddressKey, AddressKey])[] {
    return this.#sorted.map(({ first, last }) => [first, last] as const);
  }

  at(place: number): AddressKey {
    let index = this.#placeHit;
    const next = this.#before[index + 1] ?? this.count;
    if (place < (this.#before[index] ?? 0) || place >= next) {
      index = search(this.#before, place);
      this.#placeHit = index;
    }
    return (this.#firsts[index] ?? 0) + place - (this.#before[index] ?? 0);
  }

  /** Place of an address in the set, or -1. */
  placeOf(key: AddressKey): number {
    let range = this.#sorted[this.#keyHit];
    if (range === undefined || key < range.first || key > range.last) {
      const index = search(this.#sortedFirsts, key);
      range = this.#sorted[index];
      if (range === undefined || key > range.last) return -1;
      this.#keyHit = index;
    }
    return range.before + key - range.first;
  }

  has(key: AddressKey): boolean {
    return this.placeOf(key) >= 0;
  }
}

/** Index of the last element that is not larger than `value`; -1 when all are. */
function search(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
