import { expect, it } from 'vitest';
import { ownValue } from './own-value.ts';

it('gives what the table has, and nothing that every object has', () => {
  const table: Readonly<Record<string, number>> = { one: 1 };
  expect(ownValue(table, 'one')).toBe(1);
  for (const key of ['two', 'constructor', 'toString', 'hasOwnProperty', '__proto__'])
    expect(ownValue(table, key)).toBeUndefined();
});
