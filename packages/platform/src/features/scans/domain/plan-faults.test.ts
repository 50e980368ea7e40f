import { parseRange } from '@picket/base/ip';
import { rangeSet } from '@picket/base/range-set';
import { describe, expect, it } from 'vitest';
import { targetFaults } from './plan-faults.ts';

const set = (...texts: string[]) =>
  rangeSet(
    texts.map((text) => {
      const range = parseRange(text);
      if (!range.ok) throw new Error(text);
      return range.value;
    }),
  );
const network = { name: 'Office', ranges: set('10.0.0.0/24', '198.51.100.0/24', '8.8.8.0/24'), authorized: false };

describe('targetFaults', () => {
  it('has none inside the registered ranges', () => {
    expect(targetFaults(set('10.0.0.7'), [], network)).toEqual([]);
  });

  it('names the first ranges outside and counts the others', () => {
    const outside = ['10.1.0.1', '10.1.0.3', '10.1.0.5', '10.1.0.7', '10.1.0.9', '10.1.0.11', '10.1.0.13'];
    const faults = targetFaults(set('10.0.0.7', ...outside), [], network);
    expect(faults.map((fault) => fault.item)).toEqual(outside.slice(0, 5));
    expect(faults.at(-1)?.message).toContain('2 more');
  });

  it('names a range that is only half inside by its outer part', () => {
    expect(targetFaults(set('10.0.0.128-10.0.1.3'), [], network)).toMatchObject([{ item: '10.0.1.0-10.0.1.3' }]);
  });

  it('asks for the recorded word for public addresses', () => {
    const target = set('8.8.8.8');
    expect(targetFaults(target, target, network)).toMatchObject([{ field: 'targets', item: '8.8.8.8' }]);
    expect(targetFaults(target, target, { ...network, authorized: true })).toEqual([]);
  });
});
