import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { overwriteFile } from './overwrite-file.ts';

it('gives a file a shorter and a longer text, and leaves it the same file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'picket-overwrite-'));
  try {
    const path = join(folder, 'management.conf');
    expect(await overwriteFile(path, 'a')).toBe(false);
    await writeFile(path, 'nameserver 10.0.0.1\n');
    const { ino } = await stat(path);
    for (const text of ['x\n', 'nameserver 10.0.0.2\nnameserver 10.0.0.3\n', '']) {
      expect(await overwriteFile(path, text)).toBe(true);
      expect(await readFile(path, 'utf8')).toBe(text);
    }
    expect((await stat(path)).ino).toBe(ino);
  } finally {
    await rm(folder, { recursive: true });
  }
});
