import type { SpooledEvent } from '@picket/contracts/event';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { hostUp, portsDone, servicesDone, sliceEnd } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';

const body = { kind: 'scan', targets: '10.0.0.7', ports: '80', checks: false } as const;
const everyDay = [1, 2, 3, 4, 5, 6, 7];

async function outlookOf({ api }: PlatformUnderTest, request: object, query = '') {
  const { json, status } = await api('POST', `/api/v1/plans${query}`, request);
  expect([status, json.detail]).toEqual([200, undefined]);
  return json;
}

describe.each(databaseKinds)('the outlook of a plan on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('is a guess that says so, and then measured: duration, way, reach', () =>
    withPlatform(kind, async (under) => {
      const networkId = await under.network('10.0.0.0/16');
      const box = await under.appliance(networkId, 'box');
      const request = { ...body, networkId };
      const before = await outlookOf(under, request);
      expect(before.outlook).toMatchObject({
        duration: { basis: 'model', seconds: before.seconds, scans: 0, since: null },
        windows: null,
        way: { known: 'not-known', hops: [], scanId: null },
        reach: [{ name: 'box', way: 'not-known', hosts: 0 }],
        unregistered: [],
      });
      const { id } = (await under.api('POST', '/api/v1/scans', request)).json;
      const lease = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
      under.advance(120_000);
      const time = new Date(under.platform.context.clock.now()).toISOString();
      const way: SpooledEvent['event'][] = [
        {
          type: 'route',
          unit: { phase: 'discovery', subject: '10.0.0.7' },
          time,
          address: '10.0.0.7',
          hops: [{ address: '10.0.9.1' }, { address: null }, { address: '10.0.0.7' }],
          reached: true,
        },
        {
          type: 'network',
          unit: { phase: 'discovery', subject: '10.0.0.7' },
          time,
          prefix: '10.0.5.0/24',
          gateway: null,
          link: 'eth0',
          source: 'interface',
        },
      ];
      const os = [
        {
          type: 'os',
          unit: { phase: 'os', subject: '10.0.0.7' },
          time,
          address: '10.0.0.7',
          product: 'Linux',
          confidence: 1,
          evidence: 'ssh',
        },
        { type: 'unit', unit: { phase: 'os', subject: '10.0.0.7' }, time, state: 'done' },
      ] as const;
      const events = [...hostUp(lease, '10.0.0.7', time), ...way, ...portsDone('10.0.0.7', time, 80, 'open')];
      expect(
        (await box.upload(box.spool(lease, [...events, ...servicesDone('10.0.0.7', time, 80), ...os, sliceEnd(time)])))
          .status,
      ).toBe(200);
      expect((await under.api('GET', `/api/v1/scans/${id}`)).json).toMatchObject({
        status: 'finished',
        complete: true,
      });
      const firewall = {
        subscription_id: under.platform.context.subscriptionId,
        network_id: networkId,
        address: '10.0.9.1',
        name: 'edge',
        os: 'OPNsense 25.1',
      };
      const seen = new Date(time);
      await under.platform.context.database.db
        .insertInto('asset')
        .values({ ...firewall, first_seen: seen, last_seen: seen })
        .execute();

      const after = await outlookOf(under, request);
      expect(after.outlook).toMatchObject({
        duration: { basis: 'history', scans: 1, since: expect.any(String) },
        way: {
          known: 'traced',
          traced: 1,
          hops: [{ address: '10.0.9.1', name: 'edge', targets: 1, stateful: 'OPNsense 25.1' }],
          scanId: id,
        },
        reach: [{ name: 'box', way: 'found-hosts', hosts: 1, scanId: id }],
      });
      expect(after.outlook.duration.seconds).toBeGreaterThanOrEqual(119);
      expect(after.warnings.join(' ')).toContain(
        'reached through 10.0.9.1 (edge), which looks like a firewall (OPNsense 25.1)',
      );
      // Another profile, other phases or other targets were not measured, traced or reached.
      expect((await outlookOf(under, { ...request, profile: 'gentle' })).outlook.duration.basis).toBe('model');
      expect((await outlookOf(under, { ...request, checks: true })).outlook.duration.basis).toBe('model');
      const elsewhere = (await outlookOf(under, { ...request, targets: '10.0.7.0/24' })).outlook;
      expect(elsewhere).toMatchObject({
        way: { known: 'not-known' },
        reach: [{ way: 'not-known' }],
        duration: { basis: 'history' },
      });
      expect((await outlookOf(under, { ...request, targets: '10.0.5.0/25' })).outlook.way).toMatchObject({
        known: 'on-link',
        scanId: id,
      });
    }),
  );

  it.skipIf(!canRun(kind))('lays a long scan into its windows from when it would begin', () =>
    withPlatform(kind, async (under) => {
      const networkId = await under.network('10.0.0.0/8');
      const window = {
        name: 'Night',
        kind: 'allow',
        zone: 'Europe/Berlin',
        weekly: [{ days: everyDay, from: '01:00', to: '04:00' }],
      };
      const { id } = (await under.api('POST', '/api/v1/windows', window)).json;
      const request = { ...body, networkId, targets: '10.0.0.0/18', ports: '1-1500', windowIds: [id] };
      // The night in which the clocks go forward has two hours.
      const plan = await outlookOf(under, request, '?startsAt=2027-03-27T20:00:00.000Z');
      const needs = plan.seconds * 1000;
      expect(needs).toBeGreaterThan(5 * 3_600_000);
      expect(needs).toBeLessThan(8 * 3_600_000);
      expect(plan.outlook).toMatchObject({
        startsAt: '2027-03-27T20:00:00.000Z',
        windows: {
          opensAt: '2027-03-28T00:00:00.000Z',
          fits: false,
          runs: 3,
          endsAt: new Date(Date.parse('2027-03-29T23:00:00Z') + needs - 5 * 3_600_000).toISOString(),
          cut: false,
          zone: 'Europe/Berlin',
        },
      });
      expect(plan.warnings.join(' ')).toContain('It would need about 3 runs and end about Tue 2027-03-30');
      const small = await outlookOf(under, { ...request, targets: '10.0.0.1' }, '?startsAt=2027-03-27T20:00:00.000Z');
      expect(small.outlook.windows).toMatchObject({ fits: true, runs: 1 });
      expect((await under.api('POST', '/api/v1/plans?startsAt=tomorrow', request)).status).toBe(400);
    }),
  );

  it.skipIf(!canRun(kind))('counts what of an asset group nobody registered', () =>
    withPlatform(kind, async (under) => {
      const networkId = await under.network('10.0.0.0/24');
      const group = { name: 'Servers', networks: [{ networkId, ranges: '10.0.0.0/23' }] };
      const made = await under.api('POST', '/api/v1/asset-groups', group);
      expect([made.status, made.json.detail]).toEqual([201, undefined]);
      const plan = await outlookOf(under, { ...body, networkId, targets: '', assetGroupIds: [made.json.id] });
      expect(plan).toMatchObject({
        addresses: '256',
        outlook: { unregistered: [{ group: 'Servers', addresses: '256' }] },
      });
    }),
  );
});
