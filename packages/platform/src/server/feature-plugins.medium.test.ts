import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the list of features holds every folder that has a plugin', async () => {
  const features = join(import.meta.dirname, '../features');
  const list = await readFile(join(import.meta.dirname, 'feature-plugins.ts'), 'utf8');
  const files = await readdir(features, { recursive: true });
  const folders = files.filter((file) => /^[^/]+\/plugin\.ts$/.test(file)).map((file) => file.split('/')[0]);
  expect(folders.length).toBeGreaterThan(10);
  expect(folders.filter((folder) => !list.includes(`../features/${folder}/plugin.ts`))).toEqual([]);
});
