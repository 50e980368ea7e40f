import { formatRange, type IpRange, parseRange } from '@picket/base/ip';
import { intersect, rangeSet, subtract } from '@picket/base/range-set';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearBlocks } from './clear-blocks.ts';

function range(text: string): IpRange {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}

describe('clearBlocks', () => {
  it('cuts what is excluded out, keeps the other blocks as they are, and says what became of each', () => {
    const blocks = ['10.0.0.0-10.0.0.255', '10.0.1.0-10.0.1.255', '10.0.2.7'];
    const { blocks: kept, cleared } = clearBlocks(blocks, rangeSet(['10.0.0.9', '10.0.2.0-10.0.2.255'].map(range)));
    expect(kept).toEqual(['10.0.0.0-10.0.0.8', '10.0.0.10-10.0.0.255', '10.0.1.0-10.0.1.255']);
    expect(cleared).toEqual([
      { block: '10.0.0.0-10.0.0.255', parts: ['10.0.0.0-10.0.0.8', '10.0.0.10-10.0.0.255'] },
      { block: '10.0.2.7', parts: [] },
    ]);
  });

  it('leaves no excluded address, every other one, and once only', () => {
    const some = fc
      .tuple(fc.constantFrom<4 | 6>(4, 6), fc.bigInt(0n, 4000n), fc.bigInt(0n, 300n))
      .map(([family, first, size]): IpRange => ({ family, first, last: first + size }));
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), fc.array(some, { maxLength: 8 }), (given, excluding) => {
        const whole = rangeSet(given);
        const excluded = rangeSet(excluding);
        const { blocks, cleared } = clearBlocks(whole.map(formatRange), excluded);
        const left = blocks.map(range);
        expect(intersect(rangeSet(left), excluded)).toEqual([]);
        expect(rangeSet(left)).toEqual(subtract(whole, excluded));
        expect(cleared.length).toBe(whole.filter((one) => intersect([one], excluded).length > 0).length);
      }),
    );
  });
});
