import type { IpAddress, IpRange } from './ip.ts';

/** Addresses as sorted, disjoint, non-adjacent ranges: IPv4 first. Costs grow with the number of ranges, never of addresses. */
export type RangeSet = readonly IpRange[];

function compare(a: IpRange, b: IpRange): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.first < b.first ? -1 : a.first > b.first ? 1 : 0;
}

/** Any ranges, in any order, overlapping or not, as a set. */
export function rangeSet(ranges: readonly IpRange[]): RangeSet {
  const merged: IpRange[] = [];
  for (const range of [...ranges].sort(compare)) {
    const previous = merged.at(-1);
    if (previous && previous.family === range.family && range.first <= previous.last + 1n) {
      if (range.last > previous.last) merged[merged.length - 1] = { ...previous, last: range.last };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** Addresses of `from` that are not in `remove`. Linear in the two together. */
export function subtract(from: RangeSet, remove: RangeSet): RangeSet {
  const kept: IpRange[] = [];
  let index = 0;
  for (const range of from) {
    while (index < remove.length && endsBefore(remove[index] as IpRange, range)) index += 1;
    let first = range.first;
    let at = index;
    for (; at < remove.length; at += 1) {
      const hole = remove[at] as IpRange;
      if (hole.family !== range.family || hole.first > range.last) break;
      if (hole.first > first) kept.push({ family: range.family, first, last: hole.first - 1n });
      first = hole.last + 1n;
      if (first > range.last) break;
    }
    if (first <= range.last) kept.push({ family: range.family, first, last: range.last });
  }
  return kept;
}

function endsBefore(range: IpRange, other: IpRange): boolean {
  return range.family !== other.family ? range.family < other.family : range.last < other.first;
}

/** Addresses that are in both. */
export function intersect(a: RangeSet, b: RangeSet): RangeSet {
  return subtract(a, subtract(a, b));
}

export function countAddresses(set: RangeSet): bigint {
  return set.reduce((sum, range) => sum + range.last - range.first + 1n, 0n);
}

/** Binary search. */
export function contains(set: RangeSet, address: IpAddress): boolean {
  let low = 0;
  let high = set.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = set[middle] as IpRange;
    if (range.family < address.family || (range.family === address.family && range.last < address.bits))
      low = middle + 1;
    else if (range.family > address.family || range.first > address.bits) high = middle - 1;
    else return true;
  }
  return false;
}

/** True when every address of `inner` is in `outer`. */
export function covers(outer: RangeSet, inner: RangeSet): boolean {
  return subtract(inner, outer).length === 0;
}

/** Every address in order, lazily. */
export function* addresses(set: RangeSet): Generator<IpAddress> {
  for (const range of set) {
    for (let bits = range.first; bits <= range.last; bits += 1n) yield { family: range.family, bits };
  }
}
