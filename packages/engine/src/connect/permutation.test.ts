import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Permutation } from './permutation.ts';

test('every order holds each number once, whatever size and seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.integer(), (size, seed) => {
      const order = new Permutation(size, seed);
      const seen = new Set(Array.from({ length: size }, (_, index) => order.at(index)));
      expect(seen.size).toBe(size);
      expect(Math.max(...seen)).toBe(size - 1);
    }),
  );
});

test('the same seed gives the same order and another seed another one', () => {
  const list = (seed: number) => Array.from({ length: 100 }, (_, index) => new Permutation(100, seed).at(index));
  expect(list(7)).toEqual(list(7));
  expect(list(7)).not.toEqual(list(8));
});

test('neighbours do not follow each other', () => {
  const order = new Permutation(65_535, 42);
  let inARow = 0;
  for (let index = 1; index < 1000; index += 1) if (order.at(index) === order.at(index - 1) + 1) inARow += 1;
  expect(inARow).toBeLessThan(10);
});

test('an order of 2^32 places is usable without a table', () => {
  const order = new Permutation(2 ** 32, 3);
  const values = [0, 1, 2 ** 31, 2 ** 32 - 1].map((index) => order.at(index));
  expect(new Set(values).size).toBe(4);
  for (const value of values) expect(value >= 0 && value < 2 ** 32).toBe(true);
});
