import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadAllowList } from './allow-list-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picket-allow-'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

test('a missing file is no restriction', async () => {
  expect(await loadAllowList(join(folder, 'none'))).toEqual({ ranges: null });
});

test('a good file is its ranges', async () => {
  await writeFile(join(folder, 'list'), '127.0.0.0/8\n');
  const list = await loadAllowList(join(folder, 'list'));
  expect(list.error).toBeUndefined();
  expect(list.ranges).toHaveLength(1);
});

test('a malformed file allows nothing and says why', async () => {
  await writeFile(join(folder, 'list'), '127.0.0.0/8\nall of it\n');
  const list = await loadAllowList(join(folder, 'list'));
  expect(list.ranges).toEqual([]);
  expect(list.error).toContain('line 2');
});

test('a file that is no text allows nothing', async () => {
  await writeFile(join(folder, 'list'), Buffer.from([0xff, 0xfe, 0x00]));
  const list = await loadAllowList(join(folder, 'list'));
  expect(list.ranges).toEqual([]);
  expect(list.error).toContain("can't be read");
});

test('a path that is a folder allows nothing', async () => {
  await mkdir(join(folder, 'list'));
  const list = await loadAllowList(join(folder, 'list'));
  expect(list.ranges).toEqual([]);
  expect(list.error).toContain("can't be read");
});
