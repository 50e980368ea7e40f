import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainLine } from './plain-line.ts';

describe('plainLine', () => {
  it.each([
    ['printer 7', 'printer 7'],
    ['a\r\nBcc: everybody@example.org', 'a Bcc: everybody@example.org'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['gpj.\u202eexe', 'gpj. exe'],
    ['a\u2028b\u0085c\u0000d', 'a b c d'],
    ['<script>', '<script>'],
  ])('%j becomes %j', (text, expected) => {
    expect(plainLine(text)).toBe(expected);
  });

  it('holds no control character and is never longer than it may be, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => {
        const line = plainLine(text, 50);
        expect([...line].length).toBeLessThanOrEqual(50);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/u);
      }),
      { numRuns: 50 },
    );
    expect(plainLine('x'.repeat(1_000_000)).length).toBe(200);
  });
});
