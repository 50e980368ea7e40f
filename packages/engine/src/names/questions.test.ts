import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nameQuestions } from './questions.ts';

test('every file of the folder is in the list, under its own name', () => {
  const files = readdirSync(new URL('questions', import.meta.url)).map((file) => file.replace(/\.ts$/, ''));
  expect(nameQuestions.map(({ name }) => name).sort()).toEqual(files.sort());
  for (const { help } of nameQuestions) expect(help).toMatch(/^[A-Z].*\.$/);
});
