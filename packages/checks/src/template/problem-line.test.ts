import { expect, it } from 'vitest';
import { problemLine } from './problem-line.ts';

const source = `id: a
info:
  name: a
http:
  - method: GET
    race: true
    matchers:
      - type: word
        words: [x]
      - type: color
`;

it.each([
  ['http[0].race', 6],
  ['http[0].matchers[1].type', 10],
  ['http[0].matchers[0]', 8],
  ['info', 2],
])('finds the line of %s', (path, line) => {
  expect(problemLine(source, path)).toBe(line);
});

it('names the nearest thing above where the path itself is not in the text', () => {
  expect(problemLine(source, 'http[0].matchers[7].type')).toBe(7);
  expect(problemLine(source, 'severity')).toBeNull();
  expect(problemLine('', 'id')).toBeNull();
  expect(problemLine('a: [', 'a')).toBe(1);
});
