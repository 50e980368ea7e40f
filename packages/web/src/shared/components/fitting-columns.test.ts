import { describe, expect, it } from 'vitest';
import { fittingColumns } from './fitting-columns.ts';

const columns = [
  { key: 'title', width: 'minmax(140px, 2fr)' },
  { key: 'status', width: '100px' },
  { key: 'targets', width: 'minmax(200px, 2fr)', wide: 'first' },
  { key: 'hosts', width: '64px', wide: true },
  { key: 'findings', width: 'minmax(200px, 1fr)', wide: true },
  { key: 'started', width: '96px' },
] as const;

describe('fittingColumns', () => {
  // 800 px of columns, and 7 gaps of 12.
  it.each([
    [884, 0, 'title status targets hosts findings started'],
    [883, 0, 'title status hosts findings started'],
    [884, 24, 'title status hosts findings started'],
    [759, 0, 'title status started'],
    [384, 0, 'title status started'],
    [383, 0, 'title status'],
    [100, 0, 'title status'],
  ])('in %i px with %i taken', (width, fixed, keys) => {
    expect(fittingColumns(columns, width, fixed).map(({ key }) => key)).toEqual(keys.split(' '));
  });

  it('leaves out wide ones from the right when those that go first are not enough', () => {
    const wide = columns.map((column) => ({ ...column, width: '300px' }));
    expect(fittingColumns(wide, 300 * 4 + 12 * 5).map(({ key }) => key)).toEqual([
      'title',
      'status',
      'hosts',
      'started',
    ]);
  });
});
