import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IpRange } from './ip.ts';
import { addresses, contains, countAddresses, covers, intersect, rangeSet, subtract } from './range-set.ts';

const small = fc
  .tuple(fc.constantFrom(4 as const, 6 as const), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([family, first, length]): IpRange => ({ family, first: BigInt(first), last: BigInt(first + length) }));
const sets = fc.array(small, { maxLength: 8 }).map(rangeSet);
const members = (set: readonly IpRange[]) => new Set([...addresses(set)].map((each) => `${each.family}/${each.bits}`));

describe('range sets', () => {
  it('are sorted, disjoint and not adjacent', () => {
    fc.assert(
      fc.property(sets, (set) => {
        for (const [index, range] of set.entries()) {
          const next = set[index + 1];
          if (next && next.family === range.family) expect(next.first > range.last + 1n).toBe(true);
        }
      }),
    );
  });

  it('subtract, intersect and contain as sets of addresses do', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const [inA, inB] = [members(a), members(b)];
        expect(members(subtract(a, b))).toEqual(inA.difference(inB));
        expect(members(intersect(a, b))).toEqual(inA.intersection(inB));
        expect(covers(a, b)).toBe(inB.isSubsetOf(inA));
        expect(countAddresses(a)).toBe(BigInt(inA.size));
        for (let bits = 0n; bits < 75n; bits += 1n) expect(contains(a, { family: 4, bits })).toBe(inA.has(`4/${bits}`));
      }),
    );
  });
});
