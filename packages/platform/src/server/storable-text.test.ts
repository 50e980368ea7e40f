import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requireStorable } from './storable-text.ts';

const faultOf = (value: unknown) => {
  try {
    requireStorable('body', value);
    return null;
  } catch (error) {
    return (error as { details: { errors: { field: string }[] } }).details.errors[0]?.field ?? '';
  }
};

describe('text that can be kept', () => {
  it.each([
    [{ name: 'a\0b' }, 'name'],
    [{ list: [{ deep: 'fine' }, { deep: '\uDC00' }] }, 'list.1.deep'],
    [{ 'a\0': 1 }, ''],
    [{ ranges: ['10.0.0.0/8', '\uD83D'] }, 'ranges.1'],
  ])('names the field that holds what no database keeps', (value, field) => {
    expect(faultOf(value)).toBe(field);
  });

  it('takes everything else that JSON can say', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const bad = /\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value));
        expect(faultOf(value) === null || bad).toBe(true);
      }),
    );
    expect(faultOf(new Uint8Array([0]))).toBeNull();
    expect(faultOf(Readable.from(['a\0']))).toBeNull();
  });

  it('refuses what is nested beyond reason', () => {
    let value: unknown = 1;
    for (let n = 0; n < 100; n++) value = [value];
    expect(faultOf(value)).not.toBeNull();
  });
});
