import { type IpRange, parseRange } from '@picket/base/ip';
import { countAddresses, rangeSet, subtract } from '@picket/base/range-set';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockSizing, blocks, cutBlocks, slices } from './blocks.ts';

const range = (text: string): IpRange => {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};

const anySet = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 5000 })), {
    minLength: 1,
    maxLength: 10,
  })
  .map((pairs) =>
    rangeSet(
      pairs.map(([first, length]): IpRange => ({ family: 4, first: BigInt(first), last: BigInt(first + length) })),
    ),
  );

describe('blocks and slices', () => {
  it('cut a /24 into one block and a /16 into 256', () => {
    const count = (text: string) => [...blocks([range(text)], blockSizing([range(text)]))].length;
    expect(count('10.0.0.0/24')).toBe(1);
    expect(count('10.0.0.0/16')).toBe(256);
  });

  it('cost thousands of rows for a /8, not millions', () => {
    const all = [range('10.0.0.0/8')];
    expect([...blocks(all, blockSizing(all))].length).toBe(4096);
  });

  it('hold every address exactly once', () => {
    fc.assert(
      fc.property(anySet, (set) => {
        const cut = [...slices(set, 1000n)].flatMap((slice) => slice.blocks);
        const total = cut.reduce((sum, each) => sum + each.last - each.first + 1n, 0n);
        expect(total).toBe(countAddresses(set));
        expect(subtract(set, rangeSet(cut))).toEqual([]);
      }),
    );
  });

  it('number slices from 1 without a gap', () => {
    expect([...slices([range('10.0.0.0/16')])].map((slice) => slice.number)).toEqual(
      Array.from({ length: 16 }, (_, index) => index + 1),
    );
  });

  it('are cut in two after any number of addresses, none lost and none doubled', () => {
    fc.assert(
      fc.property(anySet, fc.bigInt({ min: 0n, max: 60_000n }), (set, count) => {
        const cut = cutBlocks(set, count);
        if (!cut) throw new Error('nothing here is wide');
        const total = countAddresses(set);
        const expected = count < total ? count : total;
        expect(countAddresses(cut.head)).toBe(expected);
        expect(countAddresses(cut.rest)).toBe(total - expected);
        expect(rangeSet([...cut.head, ...cut.rest])).toEqual(set);
      }),
    );
  });

  it('are not cut where a whole link of IPv6 is among them', () => {
    expect(cutBlocks([range('10.0.0.0/24'), range('fd00::/64')], 16n)).toBeNull();
  });
});
