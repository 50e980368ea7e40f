import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newReleaseKey, sha256Of, testBundle } from '@picket/contracts/release/testing/test-bundle';
import type { WantedBundle } from '@picket/contracts/updates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentInUse } from './adapters/content-in-use.ts';
import { diskUpdateFiles } from './adapters/disk-update-files.ts';
import { versionToRun } from './update-record.ts';

const program = fileURLToPath(new URL('testing/crash-program.ts', import.meta.url));
const key = newReleaseKey();
/** Files enough that unpacking takes a while. */
const parts = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`folder-${at % 7}/part-${at}`, `part ${at}`]));
const kinds = {
  content: { version: '20261129.1', files: { 'manifest.json': '{}', ...parts } },
  software: { version: '0.2.0', files: { 'appliance.mjs': 'run()', ...parts } },
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picket-power-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function ground(kind: 'content' | 'software', name: string) {
  const { version, files } = kinds[kind];
  const bytes = testBundle({ ...files, large: new Uint8Array(600_000) }, key, { kind, version });
  const bundle = join(folder, `${kind}.bundle`);
  await writeFile(bundle, bytes);
  const sha256 = sha256Of(bytes);
  const offer: WantedBundle = { kind, version, sha256, bytes: bytes.length, now: 0, rollback: false };
  const state = join(folder, name);
  const run = (how: object = {}) => {
    const plan = JSON.stringify({ state, bundle, publicKey: key.publicKey, offer, ...how });
    return spawnSync(process.execPath, [program, plan], { encoding: 'utf8', timeout: 60_000 });
  };
  return { state, run, offer, files };
}

/** What is in use is whole: the version of the installation, or every file of the new one. */
async function expectWhole(state: string, kind: 'content' | 'software', names: readonly string[]): Promise<void> {
  const files = await diskUpdateFiles(join(state, 'updates'));
  const inUse =
    kind === 'content'
      ? contentInUse(join(state, 'updates'), null)
      : await files.record('software').then((record) => {
          const version = versionToRun(record);
          return version === null ? null : files.folder('software', version);
        });
  if (inUse === null) return;
  const entries = await readdir(inUse, { recursive: true, withFileTypes: true });
  expect(entries.filter((entry) => entry.isFile())).toHaveLength(names.length + 1);
  expect(await readFile(join(inUse, 'folder-3/part-3'), 'utf8')).toBe('part 3');
}

describe.each(['content', 'software'] as const)('power lost in an update of %s', (kind) => {
  it('before each operation on the disk leaves the old or the new version whole, and the next start ends the update', {
    timeout: 600_000,
  }, async () => {
    // Until one comes through: how often the launcher looks for the call depends on the machine.
    for (let killAt = 1; ; killAt += 1) {
      const cut = await ground(kind, `${kind}-${killAt}`);
      const { signal, stdout } = cut.run({ killAt });
      if (signal === null) {
        expect([killAt > 15, JSON.parse(stdout).code]).toEqual([true, 0]);
        break;
      }
      expect(signal).toBe('SIGKILL');
      await expectWhole(cut.state, kind, Object.keys(cut.files));
      const after = cut.run();
      expect([killAt, after.stderr, JSON.parse(after.stdout).code]).toEqual([killAt, '', 0]);
      const record = await (await diskUpdateFiles(join(cut.state, 'updates'))).record(kind);
      expect([killAt, record.inUse?.version, record.trial, record.bad]).toEqual([killAt, cut.offer.version, null, []]);
      await expectWhole(cut.state, kind, Object.keys(cut.files));
      await rm(cut.state, { recursive: true });
    }
  });

  it('in the middle of unpacking, too', async () => {
    for (const milliseconds of [0, 3, 8, 15, 30, 60]) {
      const cut = await ground(kind, `${kind}-in-${milliseconds}`);
      cut.run({ killIn: { name: 'unpack', milliseconds } });
      await expectWhole(cut.state, kind, Object.keys(cut.files));
      expect(JSON.parse(cut.run().stdout).code).toBe(0);
      const record = await (await diskUpdateFiles(join(cut.state, 'updates'))).record(kind);
      expect(record.inUse?.version).toBe(cut.offer.version);
    }
  });
});
