import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePerlPattern } from './perl-pattern.ts';

const plain = { ignoreCase: false, dotAll: false };

/** Whether a pattern finds itself in a text; an error is its reason. */
function finds(pattern: string, text: string, options = plain): boolean | string {
  const compiled = compilePerlPattern(pattern, options);
  return compiled.ok ? compiled.value.matcher(text).find() : compiled.error;
}

describe('a Perl-compatible pattern', () => {
  it.each([
    ['a$', 'a\n', true],
    ['a$', 'a\nb', false],
    ['a\\Z', 'a\n', true],
    ['^b', 'a\nb', false],
    ['a\\hb', 'a\tb', true],
    ['a[\\h.]b', 'a b', true],
    ['a\\Rb', 'a\r\nb', true],
    ['\\e\\cA', '\x1b\x01', true],
    ['^\\0\\x00\\001', '\0\0\x01', true],
    ['[\\1\\b]', '\x08', true],
    ['[]x]', ']', true],
    ['[^]x]', ']', false],
    ['[[:digit:][]', '[', true],
    ['\\-\\"\\/\\ ', '-"/ ', true],
    ['\\j', 'j', true],
    ['\xff\\\xfe', '\xff\xfe', true],
    ['x{,3}', 'x{,3}', true],
    ['a.c', 'a\nc', false],
  ])('%j in %j is found: %j', (pattern, text, found) => {
    expect(finds(pattern, text)).toBe(found);
  });

  it('knows its two options', () => {
    expect(finds('a.C', 'A\nc', { ignoreCase: true, dotAll: true })).toBe(true);
  });

  it.each([
    ['(a)\\1', 'refers back'],
    ['a(?=b)', 'looks ahead'],
    ['a(?!b)c', 'looks ahead'],
    ['(?<=a)b', 'looks behind'],
    ['(?<!a)b', 'looks behind'],
    ['(?>a+)b', 'atomic group'],
    ['a++b', 'possessive'],
    ['a{2}+', 'possessive'],
    ['(a)(?1)', 'condition or a call'],
    ['a\\Kb', 'not available'],
    ['[a', 'not closed'],
    ['a\\', 'backslash'],
    ['a(', 'missing'],
  ])('%j is not usable, with the reason', (pattern, reason) => {
    expect(finds(pattern, 'ab')).toContain(reason);
  });

  it('takes the way of skipping header lines that looks ahead, with the same matches', () => {
    const ahead = /^S\r\n(?:[^\r\n]*\r\n(?!\r\n))*?X: (\w+)/;
    const compiled = compilePerlPattern(ahead.source, plain);
    if (!compiled.ok) throw new Error(compiled.error);
    const line = fc.constantFrom('X: one\r\n', 'X: two\r\n', 'Y: 1\r\n', '\r\n', 'x\r\n', 'X', '\r', '\n');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = `S\r\n${lines.join('')}`;
        const matcher = compiled.value.matcher(text);
        expect(matcher.find() ? matcher.group(1) : undefined).toBe(ahead.exec(text)?.[1]);
      }),
      { numRuns: 300 },
    );
  });

  it('takes a last look at one byte', () => {
    const found = ['\xff\xfd', '\xff\xfd\xff', '\xff\xfd\n'].map((text) => finds('^\\xff\\xfd(?!\\xff)', text));
    expect(found).toEqual([true, false, true]);
  });

  it('never throws, whatever stands in it', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      '\\',
      '{',
      '}',
      '?',
      '*',
      '+',
      '^',
      '$',
      '.',
      '|',
      '-',
      ':',
      '<',
      '=',
      '!',
      'a',
      '1',
      'x',
      'Q',
      'E',
      ',',
      '\0',
      '\xff',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        compilePerlPattern(pieces.join(''), plain);
      }),
      { numRuns: 500 },
    );
  });
});
