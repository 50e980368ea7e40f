import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { appliancePaths } from '@picket/contracts/protocol';
import { newReleaseKey, sha256Of, testBundle } from '@picket/contracts/release/testing/test-bundle';
import type { UpdateReport } from '@picket/contracts/updates';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';
import type { ScriptedAppliance } from '../testing/scripted-appliance.ts';
import { sendBundle } from './testing/send-bundle.ts';

const key = newReleaseKey();
const day = 86_400_000;

const content = (version: string, text = 'check') => testBundle({ 'a/b': text }, key, { version });
const software = (version: string) => testBundle({ 'appliance.mjs': version }, key, { kind: 'software', version });

/** Publishes over the local administration socket, as "picket release publish" does. */
function publish(under: PlatformUnderTest, bytes: Uint8Array, query = '') {
  const socketPath = join(under.platform.context.config.dataDirectory, 'admin.sock');
  return sendBundle(socketPath, bytes, query);
}

const idle = (inUse: string) => ({ inUse, state: 'idle' as const });
const report = (change: Partial<UpdateReport> = {}): UpdateReport => ({
  refuses: null,
  content: idle('20260101.1'),
  software: idle('0.1.0'),
  ...change,
});

const wanted = async (box: ScriptedAppliance, change: Partial<UpdateReport> = {}) =>
  (await box.poll({ updates: report(change) })).settings.updates ?? [];

describe.each(databaseKinds)('releases on %s', (kind) => {
  it.skipIf(!canRun(kind))('are published, listed, replaced, brought back and withdrawn', () =>
    withPlatform(kind, async (under) => {
      const first = content('20261129.1');
      const made = await publish(under, first);
      expect(made).toMatchObject({
        status: 201,
        json: { kind: 'content', version: '20261129.1', state: 'current', sha256: sha256Of(first), keyId: key.keyId },
      });
      expect((await publish(under, content('20261130.1'))).json.state).toBe('current');
      await publish(under, software('0.2.0'));
      const list = async (query = '') =>
        (await under.api('GET', `/api/v1/releases${query}`)).json.items.map(
          (each: { version: string; state: string }) => [each.version, each.state],
        );
      expect(await list()).toEqual([
        ['0.2.0', 'current'],
        ['20261130.1', 'current'],
        ['20261129.1', 'replaced'],
      ]);
      expect(await list('?kind=software')).toEqual([['0.2.0', 'current']]);
      const back = `/api/v1/releases/${made.json.id}/current`;
      expect(await under.api('POST', back, {})).toMatchObject({ status: 409, json: { code: 'release.older' } });
      expect(await under.api('POST', back, { rollback: true })).toMatchObject({
        status: 200,
        json: { rollback: true },
      });
      expect((await under.api('DELETE', `/api/v1/releases/${made.json.id}`)).status).toBe(204);
      expect(await list('?kind=content')).toEqual([
        ['20261130.1', 'replaced'],
        ['20261129.1', 'withdrawn'],
      ]);
      expect(await under.api('POST', back, { rollback: true })).toMatchObject({
        status: 409,
        json: { code: 'release.withdrawn' },
      });
      const files = await readdir(join(under.platform.context.config.dataDirectory, 'releases'));
      expect(files).toHaveLength(2);
      expect(files).not.toContain(`${sha256Of(first)}.bundle`);
      expect(
        (await under.api('GET', '/api/v1/audit')).json.items.map((each: { action: string }) => each.action),
      ).toEqual(expect.arrayContaining(['release.publish', 'release.make-current', 'release.withdraw']));
    }),
  );

  it.skipIf(!canRun(kind))('are refused when they are damaged, too new, taken or older, and leave nothing behind', () =>
    withPlatform(kind, async (under) => {
      const good = content('20261129.1');
      const damaged = Uint8Array.from(good);
      damaged[good.length - 1] = (damaged[good.length - 1] ?? 0) ^ 1;
      for (const bytes of [damaged, good.subarray(0, good.length - 1), Buffer.from('nonsense'), new Uint8Array()])
        expect(await publish(under, bytes)).toMatchObject({ status: 422, json: { code: 'release.bundle-refused' } });
      const tooNew = testBundle({ a: 'b' }, key, { level: 999 });
      expect(await publish(under, tooNew)).toMatchObject({ status: 422, json: { code: 'release.level-too-new' } });
      expect((await publish(under, good)).status).toBe(201);
      expect(await publish(under, content('20261129.1', 'other'))).toMatchObject({
        status: 409,
        json: { code: 'release.version-taken' },
      });
      expect(await publish(under, content('20261101.1'))).toMatchObject({
        status: 409,
        json: { code: 'release.older' },
      });
      expect(await publish(under, content('20261101.1'), '?rollback=true')).toMatchObject({
        status: 201,
        json: { rollback: true },
      });
      expect(await under.api('POST', '/api/v1/releases', {})).toMatchObject({
        status: 415,
        json: { code: 'release.no-bundle' },
      });
      expect(await readdir(join(under.platform.context.config.dataDirectory, 'releases'))).toHaveLength(2);
    }),
  );

  it.skipIf(!canRun(kind))('reach an appliance when it is activated, then at its own time of day, or now', () =>
    withPlatform(kind, async (under) => {
      const bytes = content('20261129.1');
      await publish(under, bytes);
      const box = await under.appliance(await under.network('10.0.0.0/24'));
      const offer = {
        kind: 'content',
        version: '20261129.1',
        sha256: sha256Of(bytes),
        bytes: bytes.length,
        now: 0,
        rollback: false,
      };
      // Its first word: everything that is current at once.
      expect(await wanted(box)).toEqual([offer]);
      expect(await wanted(box, { refuses: 'updates.no-keys' })).toEqual([]);
      expect((await box.poll()).settings.updates).toBeUndefined();
      expect(await wanted(box, { content: idle('20261129.1') })).toEqual([]);
      // A later one waits for its time.
      under.advance(1000);
      await publish(under, software('0.2.0'));
      const has = { content: idle('20261129.1') };
      const due = async () => (await wanted(box, has)).map((each) => [each.version, each.now]);
      expect(await due()).toEqual([]);
      const path = `/api/v1/appliances/${box.applianceId}`;
      expect((await under.api('GET', `${path}/updates`)).json.software).toMatchObject({
        state: 'due',
        wanted: '0.2.0',
      });
      under.advance(day);
      expect(await due()).toEqual([['0.2.0', 0]]);
      // Or for somebody who asks.
      await publish(under, software('0.3.0'));
      expect(await due()).toEqual([]);
      expect((await under.api('POST', `${path}/update-now`)).status).toBe(200);
      expect(await due()).toEqual([['0.3.0', 1]]);
    }),
  );

  it.skipIf(!canRun(kind))('have a time of day that a person may choose', () =>
    withPlatform(kind, async (under) => {
      const box = await under.appliance(await under.network('10.0.0.0/24'));
      const path = `/api/v1/appliances/${box.applianceId}`;
      const own = (await under.api('GET', `${path}/updates`)).json;
      expect(own).toMatchObject({ content: null, refuses: null, schedule: { chosen: false } });
      const set = (at: string | null) => under.api('PUT', `${path}/update-schedule`, { at });
      expect((await set('03:30')).json.schedule).toMatchObject({ at: '03:30', chosen: true });
      expect((await set('3:30')).status).toBe(400);
      expect((await set(null)).json.schedule).toMatchObject({ at: own.schedule.at, chosen: false });
      await box.poll({ updates: report({ refuses: 'updates.no-keys' }) });
      expect((await under.api('GET', `${path}/updates`)).json.refuses).toMatchObject({ code: 'updates.no-keys' });
      expect((await under.api('GET', '/api/v1/appliances/999/updates')).status).toBe(404);
    }),
  );

  it.skipIf(!canRun(kind))('show what an appliance made of them', () =>
    withPlatform(kind, async (under) => {
      const bytes = software('0.2.0');
      await publish(under, bytes);
      const box = await under.appliance(await under.network('10.0.0.0/24'));
      const shown = async () => (await under.api('GET', `/api/v1/appliances/${box.applianceId}/updates`)).json;
      const sha256 = sha256Of(bytes);
      const said = { inUse: '0.1.0', version: '0.2.0', sha256, now: 0 };
      await box.poll({ updates: report({ software: { ...said, state: 'downloading', percent: 50 } }) });
      expect((await shown()).software).toMatchObject({ state: 'downloading', percent: 50, wanted: '0.2.0' });
      const detail = 'It did not call home within 600 s.';
      await box.poll({
        updates: report({ software: { ...said, state: 'fell-back', code: 'updates.no-call', detail } }),
      });
      expect((await shown()).software).toMatchObject({ state: 'fell-back', detail, inUse: '0.1.0' });
      expect((await shown()).software.hint).toContain('newer version');
      await box.poll({ updates: report({ software: idle('0.2.0') }) });
      expect((await shown()).software.state).toBe('up-to-date');
    }),
  );

  it.skipIf(!canRun(kind))('are handed out in parts, signed, to appliances alone', () =>
    withPlatform(kind, async (under) => {
      const bytes = content('20261129.1', 'x'.repeat(300_000));
      const { json } = await publish(under, bytes);
      const box = await under.appliance(await under.network('10.0.0.0/24'));
      const part = (range: object) => box.bytes(appliancePaths.bundle, range);
      const sha256 = sha256Of(bytes);
      const head = await part({ sha256, offset: 0, length: 1_000_000 });
      expect([head.status, head.signed, head.body.length]).toEqual([200, true, 262_144]);
      const tail = await part({ sha256, offset: 262_144, length: 262_144 });
      expect(Buffer.concat([head.body, tail.body]).equals(Buffer.from(bytes))).toBe(true);
      expect((await part({ sha256, offset: bytes.length + 5, length: 10 })).body).toHaveLength(0);
      for (const bad of [
        { sha256: '../../admin.sock', offset: 0, length: 1 },
        { sha256, offset: -1, length: 1 },
      ])
        expect((await part(bad)).status).toBe(400);
      const stranger = under.device();
      expect((await stranger.bytes(appliancePaths.bundle, { sha256, offset: 0, length: 1 })).status).toBe(401);
      await under.api('DELETE', `/api/v1/releases/${json.id}`);
      const gone = await part({ sha256, offset: 0, length: 1 });
      expect([gone.status, gone.signed]).toEqual([404, true]);
    }),
  );
});
