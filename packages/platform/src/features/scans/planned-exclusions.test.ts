import { formatRange, parseRange } from '@picket/base/ip';
import { rangeSet } from '@picket/base/range-set';
import { describe, expect, it } from 'vitest';
import { alsoExcluded, excludedParts } from './planned-exclusions.ts';

const set = (...texts: string[]) =>
  rangeSet(
    texts.map((text) => {
      const range = parseRange(text);
      if (!range.ok) throw new Error(text);
      return range.value;
    }),
  );
const sources = [{ source: 'subscription', name: null, ranges: set('10.0.0.7', '10.9.0.0/16') }] as const;

describe('exclusions at the moment of a plan', () => {
  it('hold for what a name resolves to now, and still for what it was saved with', () => {
    const resolved = new Map([['plc.example.org', ['10.0.0.8']]]);
    const excluded = alsoExcluded({ sources, names: ['plc.example.org'] }, resolved);
    expect(excluded.map(formatRange)).toEqual(['10.0.0.7-10.0.0.8', '10.9.0.0-10.9.255.255']);
    expect(alsoExcluded({ sources, names: ['plc.example.org'] }, new Map()).map(formatRange)).toContain('10.0.0.7');
  });

  it('are counted by source within the targets, and not told where they take nothing', () => {
    const plan = { wanted: set('10.0.0.0/24'), excludeWritten: set('10.0.0.7'), registered: set('10.0.0.0/8') };
    const network = { source: 'network', name: 'Office', ranges: set('172.16.0.0/12') } as const;
    const group = { source: 'asset-group', name: 'Presses', ranges: set('10.0.5.0/30') } as const;
    expect(excludedParts({ sources: [...sources, network, group], names: [] }, new Map(), plan)).toEqual([
      { source: 'subscription', name: null, addresses: '1' },
      { source: 'asset-group', name: 'Presses', addresses: '4' },
      { source: 'scan', name: null, addresses: '1' },
    ]);
  });
});
