import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptGlobals, scriptModules } from '@picket/checks/script/script-modules';
import { expect, it } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const page = readFileSync(join(root, 'docs/checks-javascript.md'), 'utf8');

it('lists the modules of scripts with everything in them, and no others', () => {
  const listed = new Map(
    [...page.matchAll(/^\| `nuclei\/(\w+)` \|[^|]*\|(.*)\|$/gm)].map((row) => [row[1] ?? '', row[2] ?? '']),
  );
  expect([...listed.keys()]).toEqual(Object.keys(scriptModules));
  for (const [name, { functions, classes }] of Object.entries(scriptModules)) {
    const members = [...functions, ...Object.entries(classes).flatMap(([key, { methods }]) => [key, ...methods])];
    expect(
      [...(listed.get(name) ?? '').matchAll(/`(\w+)`/g)].map((match) => match[1]),
      name,
    ).toEqual(members);
  }
  for (const name of scriptGlobals) expect(page).toContain(`\`${name}\``);
});
