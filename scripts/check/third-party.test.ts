import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { deployables, thirdParty } from './third-party.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

describe('third-party packages', () => {
  it.each(deployables)('of %s are those of docs/third-party; a new one is a decision', (name) => {
    const reviewed = readFileSync(join(root, 'docs/third-party', `${name}.txt`), 'utf8')
      .trim()
      .split('\n');
    expect(thirdParty(readFileSync(join(root, 'package-lock.json'), 'utf8'), name)).toEqual(reviewed);
  });

  it('of the appliance hold neither a web framework nor a database', () => {
    const names = thirdParty(readFileSync(join(root, 'package-lock.json'), 'utf8'), 'appliance').join('\n');
    expect(names).not.toMatch(/fastify|kysely|pglite|^pg@|react/m);
  });
});
