import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatIndexes, parseIndexes } from './index-ranges.ts';

it('writes neighbours as ranges', () => {
  expect(formatIndexes([12, 9, 0, 1, 2, 3, 4, 7, 10, 11, 7])).toBe('0-4,7,9-12');
  expect(formatIndexes([])).toBe('');
  expect(parseIndexes('')).toEqual(new Set());
});

it('reads back what it wrote', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(20_000)), (indexes) => {
      expect(parseIndexes(formatIndexes(indexes))).toEqual(new Set(indexes));
    }),
  );
});

it('reads any text in bounds', () => {
  expect(parseIndexes('x,-1,5-3,1e3, 7,8')).toEqual(new Set([8]));
  expect(parseIndexes('0-999999').size).toBe(200_000);
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const index of parseIndexes(text))
        expect(Number.isInteger(index) && index >= 0 && index <= 999_999).toBe(true);
    }),
  );
});
