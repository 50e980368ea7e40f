import { describe, expect, it } from 'vitest';
import { formatDuration } from './duration.ts';
import { printable, table } from './output.ts';

describe('terminal text', () => {
  it('escapes what a hostile banner could do to a terminal', () => {
    expect(printable('a\u001b[2J\u0007\u009b\u202eb\n')).toBe('a\\x1b[2J\\x07\\x9b\\x202eb\\x0a');
  });

  it('aligns columns and leaves no blanks at the end', () => {
    expect(
      table([
        ['a', 'bb'],
        ['ccc', ''],
      ]),
    ).toBe('a    bb\nccc\n');
  });

  it.each([
    [850, '850 ms'],
    [42_000, '42 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [86_400_000, '1 d'],
  ])('says %i ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});
