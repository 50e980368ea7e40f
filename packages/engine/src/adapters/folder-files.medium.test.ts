import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderFiles } from './folder-files.ts';

let top = '';
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'picket-files-'));
  mkdirSync(join(top, 'in/deep/deeper'), { recursive: true });
  mkdirSync(join(top, 'out'));
  writeFileSync(join(top, 'out/secret.txt'), 'secret');
  writeFileSync(join(top, 'in/b.txt'), 'bee');
  writeFileSync(join(top, 'in/deep/a.txt'), 'äh');
  writeFileSync(join(top, 'in/deep/deeper/c.txt'), 'sea');
});
afterEach(() => rmSync(top, { recursive: true }));

async function pathsOf(target: string, limits?: { files: number; depth: number }) {
  const listed = await folderFiles(target, limits).list();
  return listed.ok ? [...listed.value.files.map(({ path }) => path), listed.value.left] : listed.error;
}

describe('the files of a folder', () => {
  it('are its plain files, in order and with their size, whatever else lies there', async () => {
    symlinkSync(join(top, 'out'), join(top, 'in/link'));
    symlinkSync(join(top, 'out/secret.txt'), join(top, 'in/secret.txt'));
    spawnSync('mkfifo', [join(top, 'in/pipe.txt')]);
    expect(await pathsOf(join(top, 'in'))).toEqual(['b.txt', 'deep/a.txt', 'deep/deeper/c.txt', '']);
    const listed = await folderFiles(join(top, 'in')).list();
    expect(listed.ok && listed.value.files[1]).toEqual({ path: 'deep/a.txt', size: 3 });
  });

  it('are read as bytes and not further than asked', async () => {
    const files = folderFiles(join(top, 'in'));
    expect(await files.read('deep/a.txt', 100)).toEqual({ ok: true, value: '\xc3\xa4h' });
    expect(await files.read('deep/a.txt', 2)).toEqual({ ok: true, value: '\xc3\xa4' });
  });

  it.each([['../out/secret.txt'], ['link/secret.txt'], ['secret.txt'], ['pipe.txt'], ['deep']])(
    'are the only ones that can be read: not %s',
    async (path) => {
      symlinkSync(join(top, 'out'), join(top, 'in/link'));
      symlinkSync(join(top, 'out/secret.txt'), join(top, 'in/secret.txt'));
      spawnSync('mkfifo', [join(top, 'in/pipe.txt')]);
      expect((await folderFiles(join(top, 'in')).read(path, 100)).ok).toBe(false);
    },
  );

  it('are one when one is named, and nothing beside it', async () => {
    expect(await pathsOf(join(top, 'in/b.txt'))).toEqual(['b.txt', '']);
    expect(await folderFiles(join(top, 'in/b.txt')).read('b.txt', 9)).toEqual({ ok: true, value: 'bee' });
    expect((await folderFiles(join(top, 'in/b.txt')).read('deep/a.txt', 9)).ok).toBe(false);
  });

  it('are bounded in number and depth, which is told', async () => {
    expect(await pathsOf(join(top, 'in'), { files: 2, depth: 9 })).toEqual(
      expect.arrayContaining(['there are more than 2 files']),
    );
    expect(await pathsOf(join(top, 'in'), { files: 9, depth: 1 })).toEqual([
      'b.txt',
      'deep/a.txt',
      'deep/deeper lies deeper than 1 folders',
    ]);
    expect(await pathsOf(join(top, 'nowhere'))).toContain("can't be read");
  });
});
