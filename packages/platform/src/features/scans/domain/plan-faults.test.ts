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
const network = {
  name: 'Office',
  ranges: set('10.0.0.0/24', '198.51.100.0/24', '8.8.8.0/24'),
  authorized: false,
  visible: null,
};

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

  it('names first what the caller does not see, as a prefix where it is one', () => {
    const confined = { ...network, visible: set('10.0.0.0/24', '10.0.2.0/25') };
    expect(
      targetFaults(set('10.0.0.7', '10.0.2.0-10.0.2.127'), [], { ...confined, ranges: set('10.0.0.0/16') }),
    ).toEqual([]);
    const faults = targetFaults(set('10.0.0.0/24', '10.0.3.0/24', '10.0.5.1-10.0.5.6'), [], confined);
    expect(faults.map((fault) => fault.message)).toEqual([
      '10.0.3.0/24 is not in your asset groups.',
      '10.0.5.1-10.0.5.6 is not in your asset groups.',
    ]);
  });

  it('asks for the recorded word for public addresses', () => {
    const target = set('8.8.8.8');
    expect(targetFaults(target, target, network)).toMatchObject([{ field: 'targets', item: '8.8.8.8' }]);
    expect(targetFaults(target, target, { ...network, authorized: true })).toEqual([]);
  });
});
