import { expect, test } from 'vitest';
import { NameBook } from './name-book.ts';

test('a name counts once for each source, whatever its case or final dot', () => {
  const book = new NameBook([{ name: 'a.example', source: 'target' }]);
  expect(book.add([{ name: 'A.example.', source: 'target' }])).toBe(false);
  expect(book.add([{ name: 'a.example', source: 'ptr' }])).toBe(true);
  expect(book.list()).toHaveLength(2);
});

test('wildcards, addresses and nothing are no names', () => {
  const book = new NameBook();
  const texts = ['*.example', '10.0.0.1', 'fe80::1', '::ffff:10.0.0.1', '', '\u0001\n'];
  expect(book.add(texts.map((name) => ({ name, source: 'certificate' })))).toBe(false);
});

test('no source can crowd out the others', () => {
  const many = Array.from({ length: 200 }, (_, index) => ({
    name: `n${index}.example`,
    source: 'certificate' as const,
  }));
  const book = new NameBook(many);
  expect(book.list()).toHaveLength(16);
  expect(book.add([{ name: 'late', source: 'netbios' }])).toBe(true);
});
