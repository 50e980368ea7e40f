import { scriptModules } from '@picket/checks/script/script-modules';
import { expect, it } from 'vitest';
import { scriptFunctions } from './script-functions.ts';

/** What the sandbox does by itself. */
const inside = new Set(['goconsole.log']);

function names(): string[] {
  return Object.entries(scriptModules).flatMap(([module, { functions, classes }]) => [
    ...functions.map((name) => `${module}.${name}`),
    ...Object.entries(classes).flatMap(([name, { methods, refused = [] }]) =>
      methods.length === 0
        ? []
        : [`${module}.${name}`, ...[...methods, ...refused].map((method) => `${module}.${name}.${method}`)],
    ),
  ]);
}

it('has a function for everything that the table of modules promises, and nothing else', () => {
  const there = [...scriptFunctions.keys()].filter((name) => name.includes('.'));
  expect(there.toSorted()).toEqual(
    names()
      .filter((name) => !inside.has(name))
      .toSorted(),
  );
});
