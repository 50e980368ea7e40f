import { expect, test } from 'vitest';
import { rowAction } from './row-focus.ts';

test('j and arrow down move on, and stop at the last row', () => {
  expect(rowAction('j', 0, 3, 10)).toEqual({ kind: 'move', to: 1 });
  expect(rowAction('ArrowDown', 2, 3, 10)).toEqual({ kind: 'move', to: 2 });
});
test('k stops at the first row; pages and ends jump', () => {
  expect(rowAction('k', 0, 3, 10)).toEqual({ kind: 'move', to: 0 });
  expect(rowAction('PageDown', 5, 100, 20)).toEqual({ kind: 'move', to: 25 });
  expect(rowAction('End', 5, 100, 20)).toEqual({ kind: 'move', to: 99 });
});
test('enter opens, x picks, other keys mean nothing, and an empty list takes none', () => {
  expect(rowAction('Enter', 0, 3, 10)).toEqual({ kind: 'open' });
  for (const key of ['x', 'X']) expect(rowAction(key, 0, 3, 10)).toEqual({ kind: 'pick' });
  expect(rowAction('q', 0, 3, 10)).toBeNull();
  expect(rowAction('j', 0, 0, 10)).toBeNull();
});
