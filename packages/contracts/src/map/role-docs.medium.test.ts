import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { roleNames } from './role-rules.ts';

it('every role stands in docs/maps.md, and no other', async () => {
  const text = await readFile(new URL('../../../../docs/maps.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, role]) => role);
  expect(listed).toEqual([...roleNames]);
});
