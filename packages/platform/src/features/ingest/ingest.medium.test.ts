import { gzipSync } from 'node:zlib';
import type { Lease } from '@picket/contracts/lease';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import {
  type CheckResult,
  checksDone,
  hostUp,
  portsDone,
  servicesDone,
  sliceEnd,
  wholeScan,
} from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';
import type { ScriptedAppliance } from '../testing/scripted-appliance.ts';
import { lockStream } from './batch-context.ts';

const now = () => new Date().toISOString();
const address = '10.0.0.7';

interface Field {
  readonly under: PlatformUnderTest;
  readonly box: ScriptedAppliance;
  readonly network: number;
}

async function field(under: PlatformUnderTest): Promise<Field> {
  const network = await under.network('10.0.0.0/24');
  return { under, box: await under.appliance(network), network };
}

async function lease({ under, box, network }: Field, targets = address): Promise<Lease> {
  const launched = await under.api('POST', '/api/v1/scans', { kind: 'scan', networkId: network, targets, ports: '80' });
  expect(launched.status).toBe(201);
  const [signed] = (await box.poll()).granted;
  if (!signed) throw new Error('no lease was granted');
  return box.openLease(signed);
}

async function detections({ under }: Field) {
  return (await under.api('GET', '/api/v1/detections?status=new,active,fixed,reopened')).json.items;
}

/** Runs a scan of the host with this end and returns its one detection. */
async function scanOnce(on: Field, result: CheckResult) {
  const held = await lease(on);
  expect((await on.box.upload(on.box.spool(held, wholeScan(held, address, now(), result)))).status).toBe(200);
  return (await detections(on))[0];
}

describe.each(databaseKinds)('ingest on the %s database', (kind) => {
  it.skipIf(!canRun(kind))(
    'a scan ends complete with its host, service and detection, however its batches are doubled or overlap',
    () =>
      withPlatform(kind, async (under) => {
        const on = await field(under);
        const held = await lease(on);
        const events = on.box.spool(held, wholeScan(held, address, now(), 'found'));
        expect((await on.box.upload(events.slice(0, 4))).json).toEqual({ next: 5 });
        expect((await on.box.upload(events.slice(0, 4))).json).toEqual({ next: 5 });
        expect((await on.box.upload(events.slice(2, 6))).json).toEqual({ next: 7 });
        const gap = await on.box.upload(events.slice(8));
        expect(gap).toMatchObject({ status: 409, signed: true, json: { next: 7, code: 'events.gap' } });
        expect((await on.box.upload(events.slice(6))).status).toBe(200);
        const scan = (await under.api('GET', `/api/v1/scans/${held.scanId}`)).json;
        expect(scan).toMatchObject({
          status: 'finished',
          complete: true,
          progress: 1,
          hostsUp: 1,
          openPorts: 1,
          findings: { high: 1 },
          slices: { done: 1 },
        });
        const ledger = (await under.api('GET', `/api/v1/scans/${held.scanId}/ledger`)).json;
        expect(ledger).toMatchObject({
          total: 1,
          items: [
            {
              subject: address,
              names: ['printer.example'],
              openPorts: 1,
              units: [
                { phase: 'ports', state: 'done' },
                { phase: 'services', state: 'done' },
                { phase: 'os', state: 'done' },
                { phase: 'checks', state: 'done' },
              ],
            },
          ],
        });
        const hosts = (await under.api('GET', `/api/v1/scans/${held.scanId}/hosts`)).json;
        expect(hosts.items).toMatchObject([{ address, openPorts: [{ port: 80, service: 'http', product: 'nginx' }] }]);
        const assets = (await under.api('GET', '/api/v1/assets')).json;
        expect(assets.items).toMatchObject([{ address, name: 'printer.example', lastScanned: expect.any(String) }]);
        expect(assets.items).toMatchObject([
          { os: 'Debian Linux 12', osConfidence: 0.9, osEvidence: 'ssh on 22/tcp says Debian Linux 12' },
        ]);
        const { id: assetId } = assets.items[0];
        const saw = (await under.api('GET', `/api/v1/scans?assetId=${assetId}`)).json;
        expect(saw).toMatchObject({ total: 1, items: [{ id: held.scanId }] });
        expect((await under.api('GET', `/api/v1/scans?assetId=${assetId + 1}`)).json).toMatchObject({
          total: 0,
          items: [],
        });
        expect(await detections(on)).toMatchObject([{ status: 'new', timesFound: 1, severity: 'high', port: 80 }]);
      }),
  );

  it.skipIf(!canRun(kind))(
    'a detection lives: new, active, not evaluable, fixed only when its check passed, reopened',
    () =>
      withPlatform(kind, async (under) => {
        const on = await field(under);
        expect(await scanOnce(on, 'found')).toMatchObject({ status: 'new', timesFound: 1 });
        expect(await scanOnce(on, 'found')).toMatchObject({ status: 'active', timesFound: 2 });
        expect(await scanOnce(on, 'timeout')).toMatchObject({ status: 'active', notEvaluable: 'timeout' });
        expect(await scanOnce(on, 'passed')).toMatchObject({
          status: 'fixed',
          notEvaluable: null,
          fixedAt: expect.any(String),
        });
        expect(await scanOnce(on, 'found')).toMatchObject({ status: 'reopened', timesFound: 3, fixedAt: null });
      }),
  );

  it.skipIf(!canRun(kind))('a filtered port closes nothing, a closed one closes service and detection', () =>
    withPlatform(kind, async (under) => {
      const on = await field(under);
      await scanOnce(on, 'found');
      for (const [state, service, status] of [
        ['filtered', 'open', 'new'],
        ['closed', 'closed', 'fixed'],
      ] as const) {
        const held = await lease(on);
        const events = [
          ...hostUp(held, address, now()),
          ...portsDone(address, now(), 80, state),
          sliceEnd(now(), 'incomplete'),
        ];
        expect((await on.box.upload(on.box.spool(held, events))).status).toBe(200);
        const services = (await under.api('GET', '/api/v1/services')).json.items;
        expect(services.filter((one: { state: string }) => one.state === 'open')).toHaveLength(
          service === 'open' ? 1 : 0,
        );
        const [detection] = await detections(on);
        expect(detection).toMatchObject({ status, notEvaluable: state === 'filtered' ? 'filtered' : null });
        const scan = (await under.api('GET', `/api/v1/scans/${held.scanId}`)).json;
        expect(scan).toMatchObject({
          status: 'finished',
          complete: false,
          statusReason: expect.stringContaining('could not be evaluated'),
        });
      }
    }),
  );

  it.skipIf(!canRun(kind))('a host that does not show leaves its detections open, with the reason', () =>
    withPlatform(kind, async (under) => {
      const on = await field(under);
      await scanOnce(on, 'found');
      const held = await lease(on);
      const unit = { phase: 'discovery', subject: held.blocks[0] ?? '' } as const;
      const events = [{ type: 'unit', unit, time: now(), state: 'done', counts: { up: 0 } } as const, sliceEnd(now())];
      await on.box.upload(on.box.spool(held, events));
      expect(await detections(on)).toMatchObject([{ status: 'new', notEvaluable: 'host-silent' }]);
    }),
  );

  it.skipIf(!canRun(kind))('a bad batch is refused whole and says what is wrong', () =>
    withPlatform(kind, async (under) => {
      const on = await field(under);
      const held = await lease(on);
      const { box } = on;
      const events = box.spool(held, wholeScan(held, address, now(), 'found'));
      const packed = new Uint8Array(gzipSync(events.map((event) => `${JSON.stringify(event)}\n`).join('')));
      const refusals = [
        [
          'cut short',
          await box.upload(events, { body: packed.subarray(0, packed.length - 20) }),
          400,
          'events.malformed',
        ],
        ['no gzip', await box.upload(events, { body: new TextEncoder().encode('hello') }), 400, 'events.malformed'],
        ['one event too few', await box.upload(events, { count: events.length + 1 }), 400, 'events.wrong-count'],
        [
          'not JSON',
          await box.upload(events, { body: new Uint8Array(gzipSync('{"seq":1')), count: 1 }),
          400,
          'events.malformed',
        ],
        [
          'a bomb',
          await box.upload(events, { body: new Uint8Array(gzipSync(Buffer.alloc(20_000_000, 32))) }),
          413,
          'events.too-large',
        ],
        ['too large packed', await box.upload(events, { body: new Uint8Array(1_100_000) }), 413, 'request.too-large'],
        [
          'another scan',
          await box.upload(events.map((event) => ({ ...event, scan: 999 }))),
          422,
          'events.foreign-scan',
        ],
        [
          'the lease of another appliance',
          await (await under.appliance(on.network, 'other')).upload(events),
          422,
          'events.foreign-scan',
        ],
      ] as const;
      for (const [title, answer, status, code] of refusals) {
        expect({ title, status: answer.status, code: answer.problem?.code, signed: answer.signed }).toEqual({
          title,
          status,
          code,
          signed: true,
        });
      }
      expect((await under.api('GET', '/api/v1/assets')).json.items).toEqual([]);
      expect((await box.upload(events)).json).toEqual({ next: events.length + 1 });
    }),
  );

  it.skipIf(!canRun(kind))('events of a lease that a restored database has forgotten are taken and dropped', () =>
    withPlatform(kind, async (under) => {
      const on = await field(under);
      const held = await lease(on);
      const events = on.box.spool(held, wholeScan(held, address, now(), 'found'));
      const { db } = under.platform.context.database;
      await db.deleteFrom('slice_lease').execute();
      expect((await on.box.upload(events)).json).toEqual({ next: events.length + 1 });
      expect(await detections(on)).toEqual([]);
    }),
  );

  it.skipIf(!canRun(kind))('a device clock of 1970 or 2099 spoils neither first nor last seen', () =>
    withPlatform(kind, async (under) => {
      const on = await field(under);
      const began = Date.now() - 1000;
      for (const wrong of ['2099-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z']) {
        const held = await lease(on);
        await on.box.upload(on.box.spool(held, wholeScan(held, address, wrong, 'found')));
      }
      const [found] = await detections(on);
      const [asset] = (await under.api('GET', '/api/v1/assets')).json.items;
      for (const seen of [found.firstSeen, found.lastSeen, asset.firstSeen, asset.lastSeen]) {
        expect(Date.parse(seen)).toBeGreaterThan(began);
        expect(Date.parse(seen)).toBeLessThanOrEqual(Date.now());
      }
      expect(found).toMatchObject({ timesFound: 2, status: 'active' });
    }),
  );

  it.skipIf(!canRun(kind))('an upload whose appliance was deleted meanwhile is refused as revoked', () =>
    withPlatform(kind, async (under) => {
      const { database, subscriptionId } = under.platform.context;
      const gone = { subscriptionId, applianceId: 999 };
      const stream = '11111111-2222-4333-8444-555555555555';
      const upload = database.transaction((trx) => lockStream(gone, trx, stream));
      await expect(upload).rejects.toMatchObject({ code: 'appliance.revoked', details: { status: 410 } });
    }),
  );

  it.skipIf(!canRun(kind))(
    'events of a deleted job are taken and dropped, and late ones of a finished job are kept',
    () =>
      withPlatform(kind, async (under) => {
        const on = await field(under);
        const held = await lease(on);
        await on.box.upload(on.box.spool(held, [...hostUp(held, address, now()), sliceEnd(now(), 'incomplete')]));
        expect((await on.box.upload(on.box.spool(held, portsDone(address, now(), 80, 'open')))).status).toBe(200);
        expect((await under.api('GET', `/api/v1/scans/${held.scanId}`)).json).toMatchObject({
          status: 'finished',
          openPorts: 1,
        });
        expect((await under.api('DELETE', `/api/v1/scans/${held.scanId}`)).status).toBe(204);
        expect((await on.box.upload(on.box.spool(held, servicesDone(address, now(), 80)))).status).toBe(200);
        expect((await on.box.upload(on.box.spool(held, checksDone(address, now(), 80, 'found')))).status).toBe(200);
        expect(await detections(on)).toEqual([]);
      }),
  );
});
