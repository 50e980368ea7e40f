import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packFiles } from './pack-files.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picket-pack-'));
  await mkdir(join(folder, 'pack/helpers'), { recursive: true });
  await writeFile(join(folder, 'pack/helpers/words.txt'), 'one\ntwo\n');
  await writeFile(join(folder, 'secret'), 'secret');
  await symlink(join(folder, 'secret'), join(folder, 'pack/helpers/link'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('files of a pack', () => {
  it('are read by their path inside the pack', () => {
    expect(packFiles(join(folder, 'pack'))('helpers/words.txt')).toBe('one\ntwo\n');
  });

  it.each(['../secret', 'helpers/../../secret', 'helpers/link', '/etc/hostname', 'helpers', '', 'none', 'a\0b'])(
    'are never reached by %j',
    (path) => expect(packFiles(join(folder, 'pack'))(path)).toBeNull(),
  );
});
