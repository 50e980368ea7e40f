import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bootLinks, removeNewBootLinks } from './boot-links.ts';

test('services that packages enabled are disabled again, and those of the machine stay enabled', async () => {
  const root = await mkdtemp(join(tmpdir(), 'picket-boot-links-'));
  try {
    const wants = join(root, 'etc/systemd/system/multi-user.target.wants');
    const runLevel = join(root, 'etc/rc2.d');
    await mkdir(wants, { recursive: true });
    await mkdir(runLevel, { recursive: true });
    await symlink('/lib/systemd/system/cron.service', join(wants, 'cron.service'));
    await symlink('../init.d/cron', join(runLevel, 'S01cron'));
    const before = await bootLinks(root);
    await symlink('/lib/systemd/system/nginx.service', join(wants, 'nginx.service'));
    await symlink('../init.d/nginx', join(runLevel, 'S01nginx'));
    await symlink('../init.d/nginx', join(runLevel, 'K01nginx'));
    expect(await removeNewBootLinks(before, root)).toEqual([join(runLevel, 'S01nginx'), join(wants, 'nginx.service')]);
    expect(await readdir(wants)).toEqual(['cron.service']);
    expect(await readdir(runLevel)).toEqual(['K01nginx', 'S01cron']);
  } finally {
    await rm(root, { recursive: true });
  }
});

test('a machine without systemd or System V init has nothing to disable', async () => {
  expect(await bootLinks('/nonexistent')).toEqual(new Set());
});
