import { expect, test } from 'vitest';
import { pickedAfter } from './picked-after.ts';

test('a range is added to what was picked, or put back, and the rest stays', () => {
  expect([...pickedAfter(new Set([1, 4]), [2, 3, 4], true)]).toEqual([1, 4, 2, 3]);
  expect([...pickedAfter(new Set([1, 2, 3]), [2, 3, 9], false)]).toEqual([1]);
});
