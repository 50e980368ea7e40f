import { describe, expect, it } from 'vitest';
import { bestName } from './best-name.ts';

describe('bestName', () => {
  it('prefers what was typed, then reverse DNS, and falls back to any', () => {
    const names = [
      { name: 'cert', source: 'certificate' },
      { name: 'ptr', source: 'ptr' },
      { name: 'odd', source: 'unheard-of' },
    ];
    expect(bestName([...names, { name: 'typed', source: 'target' }])).toBe('typed');
    expect(bestName(names)).toBe('ptr');
    expect(bestName([{ name: 'odd', source: 'unheard-of' }])).toBe('odd');
    expect(bestName([])).toBeNull();
  });
});
