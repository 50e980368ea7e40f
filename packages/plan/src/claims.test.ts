import { formatRange, type IpRange, parseRange } from '@picket/base/ip';
import { contains, rangeSet, subtract } from '@picket/base/range-set';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimedSlices } from './claims.ts';

const range = (text: string): IpRange => {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};
const set = (...texts: readonly string[]) => rangeSet(texts.map(range));

const anySet = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 900 }), fc.constantFrom(4, 6)), {
    maxLength: 5,
  })
  .map((drawn) =>
    rangeSet(
      drawn.map(
        ([first, length, family]): IpRange => ({
          family: family === 4 ? 4 : 6,
          first: BigInt(first),
          last: BigInt(first + length),
        }),
      ),
    ),
  );

describe('slices by who has a way of its own', () => {
  it('end where a claim ends', () => {
    const claims = new Map([
      [7, set('10.1.0.0/24')],
      [3, set('10.1.0.128-10.1.1.9', '192.0.2.0/24')],
    ]);
    const cut = claimedSlices(set('10.0.255.0-10.1.1.255'), claims);
    expect(cut.map(({ number, blocks, claimedBy }) => [number, blocks.map(formatRange), claimedBy])).toEqual([
      [1, ['10.0.255.0-10.0.255.255', '10.1.1.10-10.1.1.255'], []],
      [2, ['10.1.0.0-10.1.0.127'], [7]],
      [3, ['10.1.0.128-10.1.0.255'], [3, 7]],
      [4, ['10.1.1.0-10.1.1.9'], [3]],
    ]);
  });

  it('hold every address exactly once, each with exactly those that claim it', () => {
    fc.assert(
      fc.property(anySet, fc.array(anySet, { maxLength: 4 }), (ranges, drawn) => {
        const claims = new Map(drawn.map((claim, index) => [index + 1, claim]));
        const cut = claimedSlices(ranges, claims);
        const all = cut.flatMap(({ blocks }) => blocks);
        const count = (some: readonly IpRange[]) => some.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
        expect(count(all)).toBe(count(ranges));
        expect(subtract(ranges, rangeSet(all))).toEqual([]);
        for (const { blocks, claimedBy } of cut)
          for (const { family, first, last } of blocks)
            for (const bits of [first, last])
              expect([...claims].filter(([, claim]) => contains(claim, { family, bits })).map(([id]) => id)).toEqual(
                claimedBy,
              );
      }),
    );
  });

  it('cost little with thousands of VLANs on several appliances', () => {
    const claims = new Map(
      [1, 2, 3].map((id) => [id, set(...Array.from({ length: 4094 }, (_, n) => `10.${n >> 6}.${(n & 63) * 4}.0/24`))]),
    );
    expect(claimedSlices(set('10.0.0.0/8'), claims).every(({ claimedBy }) => [0, 3].includes(claimedBy.length))).toBe(
      true,
    );
  });
});
