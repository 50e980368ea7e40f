import { verifierOf } from '@picket/base/adapters/ed25519';
import { systemRandom } from '@picket/base/adapters/system';
import { silentLog } from '@picket/base/log';
import { err, ok } from '@picket/base/result';
import { newReleaseKey, sha256Of, testBundle } from '@picket/contracts/release/testing/test-bundle';
import type { WantedBundle } from '@picket/contracts/updates';
import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import type { PartAnswer } from './download.ts';
import { MemoryUpdateFiles } from './testing/memory-update-files.ts';
import { Updater, type UpdaterDeps } from './updater.ts';

const key = newReleaseKey();
const bundles = {
  content: testBundle({ 'manifest.json': '{}' }, key, { version: '20261129.1' }),
  software: testBundle({ 'appliance.mjs': '' }, key, { kind: 'software', version: '0.2.0' }),
};
const offerOf = (kind: 'content' | 'software', change: Partial<WantedBundle> = {}): WantedBundle => ({
  kind,
  version: kind === 'content' ? '20261129.1' : '0.2.0',
  sha256: sha256Of(bundles[kind]),
  bytes: bundles[kind].length,
  now: 0,
  rollback: false,
  ...change,
});

function stage(change: Partial<UpdaterDeps> = {}) {
  const files = new MemoryUpdateFiles();
  const clock = new FakeClock();
  const slices = { quiet: true, intake: 'open', set: (intake: string) => void (slices.intake = intake) };
  const log = { restarts: 0, changes: 0, parts: 0 };
  const bytesOf = (sha256: string) =>
    Object.values(bundles).find((bytes) => sha256Of(bytes) === sha256) ?? new Uint8Array();
  const updater = new Updater({
    files,
    clock,
    slices,
    trust: (keyId) => (keyId === key.keyId ? verifierOf(key.publicKey) : null),
    fetchPart: async ({ sha256, offset, length }): Promise<PartAnswer> => {
      log.parts += 1;
      return { kind: 'bytes', bytes: bytesOf(sha256).subarray(offset, offset + length) };
    },
    tryContent: async () => ok(null),
    shipped: { content: '20260101.1', software: '0.1.0' },
    contentFolder: () => 'content',
    launched: { version: '0.1.0' },
    restart: () => (log.restarts += 1),
    onChange: () => (log.changes += 1),
    random: systemRandom,
    log: silentLog,
    signal: new AbortController().signal,
    ...change,
  });
  /** Polls, and lets everything that follows happen. */
  const poll = async (offers: readonly WantedBundle[], milliseconds = 1000) => {
    updater.take(offers, 1);
    for (let at = 0; at < 20; at += 1) {
      await clock.advance(milliseconds / 20);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { updater, files, clock, slices, log, poll };
}

describe('the updater', () => {
  it('installs content, then hands software to the launcher, one after the other', async () => {
    const { updater, files, slices, log, poll } = stage();
    await updater.start();
    await poll([offerOf('software'), offerOf('content')]);
    expect(updater.versionOf('content')).toBe('20261129.1');
    expect(files.current.get('content')).toBe('20261129.1');
    expect(files.next).toMatchObject({ version: '0.2.0' });
    expect([log.restarts, slices.intake, updater.report.software.state]).toEqual([1, 'closed', 'switching']);
  });

  it('tells of an offer that waits for its turn, so that it is no news any more', async () => {
    const { updater, poll, slices } = stage();
    await updater.start();
    slices.quiet = false;
    await poll([offerOf('content'), offerOf('software', { now: 4 })]);
    expect(updater.report.content.state).toBe('waiting');
    expect(updater.report.software).toMatchObject({ state: 'idle', sha256: offerOf('software').sha256, now: 4 });
  });

  it('waits for the slices that run, takes no new ones, and opens again after', async () => {
    const { updater, poll, slices } = stage();
    await updater.start();
    slices.quiet = false;
    await poll([offerOf('content')]);
    expect([updater.report.content.state, slices.intake, updater.updating]).toEqual(['waiting', 'draining', true]);
    slices.quiet = true;
    await poll([offerOf('content')]);
    expect([updater.report.content, slices.intake, updater.updating]).toMatchObject([
      { state: 'idle', inUse: '20261129.1' },
      'open',
      false,
    ]);
  });

  it('gives up what the platform does not want any more, before the switch', async () => {
    const { updater, poll, slices } = stage();
    await updater.start();
    slices.quiet = false;
    await poll([offerOf('content')]);
    await poll([]);
    expect([updater.report.content.state, updater.versionOf('content'), slices.intake]).toEqual([
      'idle',
      '20260101.1',
      'open',
    ]);
  });

  it("falls back when content can't be loaded, and tries it again only when somebody asks", async () => {
    let tries = 0;
    const { updater, files, poll, slices, log } = stage({
      tryContent: async () => {
        tries += 1;
        return err('it has no manifest');
      },
    });
    await updater.start();
    await poll([offerOf('content')]);
    expect(updater.report.content).toMatchObject({
      state: 'fell-back',
      inUse: '20260101.1',
      code: 'updates.no-content',
    });
    expect([files.current.get('content'), slices.intake]).toEqual([null, 'open']);
    const changes = log.changes;
    await poll([offerOf('content')]);
    await poll([offerOf('content')]);
    expect([tries, log.changes]).toEqual([1, changes]);
    await poll([offerOf('content', { now: 1 })]);
    expect([tries, updater.report.content.now]).toEqual([2, 1]);
  });

  it('remembers over a restart what it refused', async () => {
    const { files, updater, poll } = stage({ trust: () => null });
    await updater.start();
    await poll([offerOf('software')]);
    expect(updater.report.software).toMatchObject({ state: 'failed', code: 'bundle.key-unknown' });
    const again = stage({ files });
    await again.updater.start();
    await again.poll([offerOf('software')]);
    expect([again.updater.report.software.code, again.log.parts]).toEqual(['bundle.key-unknown', 0]);
  });

  it('tries a full disk again after an hour, not with every poll', async () => {
    const { updater, files, poll } = stage();
    await updater.start();
    files.free = 1000;
    await poll([offerOf('content')]);
    expect(updater.report.content).toMatchObject({ state: 'failed', code: 'updates.disk' });
    files.free = 1_000_000_000;
    await poll([offerOf('content')]);
    expect(updater.report.content.state).toBe('failed');
    await poll([offerOf('content')], 3_600_000);
    await poll([offerOf('content')]);
    expect(updater.versionOf('content')).toBe('20261129.1');
  });

  it('refuses older versions, bundles of another version, and levels that it does not know', async () => {
    const cases = [
      [offerOf('software', { version: '0.0.9' }), 'updates.older'],
      [offerOf('software', { version: '0.9.9' }), 'updates.not-wanted'],
    ] as const;
    for (const [offer, code] of cases) {
      const { updater, poll } = stage();
      await updater.start();
      await poll([offer]);
      expect(updater.report.software).toMatchObject({ state: 'failed', code, inUse: '0.1.0' });
    }
    const bytes = testBundle({ 'appliance.mjs': '' }, key, { kind: 'software', version: '0.2.0', level: 2 });
    const { updater, poll } = stage({
      fetchPart: async ({ offset }) => ({ kind: 'bytes', bytes: bytes.subarray(offset) }),
    });
    await updater.start();
    await poll([offerOf('software', { sha256: sha256Of(bytes), bytes: bytes.length })]);
    expect(updater.report.software.code).toBe('updates.level');
  });

  it('installs nothing without keys, and no software without a launcher', async () => {
    const without = stage({ trust: null });
    await without.updater.start();
    await without.poll([offerOf('content')]);
    expect([without.updater.report.refuses, without.log.parts]).toEqual(['updates.no-keys', 0]);
    const alone = stage({ launched: null });
    await alone.updater.start();
    await alone.poll([offerOf('software')]);
    expect(alone.updater.report.software.code).toBe('updates.no-launcher');
  });

  it("does not call home with new software that can't scan", async () => {
    const { updater, files, poll, slices } = stage({
      launched: { version: '0.2.0' },
      tryContent: async () => err('a module is missing'),
    });
    const trial = { version: '0.2.0', sha256: 'a'.repeat(64), now: 0, starts: 1 };
    files.records.set('software', { inUse: null, previous: [], trial, bad: [] });
    await updater.start();
    await poll([]);
    await poll([]);
    expect([files.call, updater.report.software.state, slices.intake]).toEqual([null, 'confirming', 'draining']);
  });

  it('holds work back while new software is on trial, and calls home with the first answer', async () => {
    const { updater, files, poll, slices } = stage({ launched: { version: '0.2.0' } });
    const trial = { version: '0.2.0', sha256: 'a'.repeat(64), now: 0, starts: 1 };
    files.records.set('software', { inUse: null, previous: [], trial, bad: [] });
    await updater.start();
    expect([updater.report.software.state, slices.intake, files.call]).toEqual(['confirming', 'draining', null]);
    await poll([]);
    expect(files.call).toBe('0.2.0');
    files.records.set('software', { inUse: trial, previous: [], trial: null, bad: [] });
    await poll([]);
    expect([updater.report.software.state, slices.intake]).toEqual(['idle', 'open']);
  });
});
