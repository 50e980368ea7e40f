import { parseIp } from '@picket/base/ip';
import { describe, expect, it } from 'vitest';
import { blocksSet } from '../../../jobs/stored-plan.ts';
import { linesWith, type PinnedNames } from './scope-lines.ts';

const names: PinnedNames = new Map([['web.example.org', blocksSet(['10.0.0.80'])]]);
const written = '10.0.0.0/25 # office\n10.0.1.0-10.0.1.9, web.example.org\n\n10.0.0.64-10.0.0.90\nbroken/99';

function of(address: string, source: 'targets' | 'exclude' = 'targets') {
  const parsed = parseIp(address);
  if (!parsed.ok) throw new Error(address);
  return linesWith(written, parsed.value, { source, names }).map(
    ({ line, text, source: from }) => `${line} ${from} ${text}`,
  );
}

describe('linesWith', () => {
  it('names each line that holds the address, names by what they led to', () => {
    expect(of('10.0.0.80')).toEqual([
      '1 targets 10.0.0.0/25',
      '2 name web.example.org',
      '4 targets 10.0.0.64-10.0.0.90',
    ]);
    expect(of('10.0.1.9', 'exclude')).toEqual(['2 exclude 10.0.1.0-10.0.1.9']);
    expect(of('10.0.2.1')).toEqual([]);
  });

  it('names five at most', () => {
    const parsed = parseIp('10.0.0.1');
    if (!parsed.ok) throw new Error('constant');
    const text = Array.from({ length: 50 }, () => '10.0.0.1').join('\n');
    expect(linesWith(text, parsed.value, { source: 'targets', names: new Map() })).toHaveLength(5);
  });
});
