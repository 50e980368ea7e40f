import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openApiText } from './open-api-text.ts';

it('the committed openapi.json describes the routes as they are (node src/server/write-openapi.ts mends it)', async () => {
  const committed = await readFile(join(import.meta.dirname, '../../openapi.json'), 'utf8');
  expect(await openApiText()).toBe(committed);
});
