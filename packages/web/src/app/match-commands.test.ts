import { expect, test } from 'vitest';
import { type Command, matchCommands } from './match-commands.ts';

const commands = ['Scans', 'New scan', 'Assets', 'Audit log'].map(
  (name): Command => ({ key: name, name, kind: 'Place', run: () => {} }),
);
const names = (typed: string) => matchCommands(commands, typed).map((command) => command.name);

test('a beginning stands before a part', () => {
  expect(names('scan')).toEqual(['Scans', 'New scan']);
});
test('scattered letters in order match last', () => {
  expect(names('as')).toEqual(['Assets', 'Scans']);
  expect(names('alg')).toEqual(['Audit log']);
});
test('nothing typed shows all, nonsense shows none', () => {
  expect(names(' ')).toHaveLength(4);
  expect(names('zzz')).toEqual([]);
});
