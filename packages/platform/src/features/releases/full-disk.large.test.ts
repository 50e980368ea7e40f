import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newReleaseKey, testBundle } from '@picket/contracts/release/testing/test-bundle';
import { afterEach, expect, it } from 'vitest';
import { startTestPlatform } from '../../server/testing.ts';
import { sendBundle } from './testing/send-bundle.ts';

const run = promisify(execFile);
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

it('a bundle that the disk has no room for is refused with the reason, nothing of it is kept, and a smaller one is taken', async () => {
  const data = await mkdtemp(join(tmpdir(), 'picket-full-'));
  cleanUps.push(() => rm(data, { recursive: true, force: true }));
  const releases = join(data, 'releases');
  await mkdir(releases);
  // A real file system of so many bytes. Needs root.
  await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', releases]);
  cleanUps.push(() => run('umount', [releases]));
  const running = await startTestPlatform({ config: { dataDirectory: data } });
  cleanUps.push(() => running.close());
  const manager = await running.signedIn('manager');
  const key = newReleaseKey();
  const publish = (version: string, bytes: number) => {
    const large = crypto.getRandomValues(new Uint8Array(65_536));
    const files = Object.fromEntries(Array.from({ length: bytes / 65_536 }, (_, at) => [`part-${at}`, large]));
    return sendBundle(join(data, 'admin.sock'), testBundle(files, key, { version }));
  };
  const refused = await publish('20261130.1', 4_194_304);
  expect(refused).toMatchObject({ status: 507, json: { code: 'release.no-space' } });
  expect(refused.json.detail).toContain('disk is full');
  expect(refused.json.hint).toContain('Make room');
  expect(await readdir(releases)).toEqual([]);
  expect((await manager.send('GET', '/api/v1/releases')).json.total).toBe(0);
  expect(await publish('20261130.2', 262_144)).toMatchObject({ status: 201, json: { state: 'current' } });
  expect(await readdir(releases)).toHaveLength(1);
}, 240_000);
