import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { checksDone, hostUp, osDone, portsDone, servicesDone, sliceEnd } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';
import type { SpooledEvent } from '@picket/contracts/event';
import type { Lease } from '@picket/contracts/lease';

type Events = SpooledEvent['event'][];
const time = '2026-11-21T05:00:00.000Z';

/** Runs scans of two addresses one after the other on one appliance; each says what it is told to. */
async function lab(under: PlatformUnderTest) {
  const networkId = await under.network('10.0.0.0/16');
  const box = await under.appliance(networkId);
  const scan = async (say: (lease: Lease) => Events, change: object = {}): Promise<number> => {
    const body = { kind: 'scan', networkId, targets: '10.0.0.6/31', ports: '80,443', ...change };
    const { id } = (await under.api('POST', '/api/v1/scans', body)).json;
    const lease = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
    expect((await box.upload(box.spool(lease, [...say(lease), sliceEnd(time)]))).status).toBe(200);
    return id;
  };
  const compare = async (after: number, before: number, query: string) =>
    (await under.api('GET', `/api/v1/scans/${after}/compare/${before}?${query}`)).json;
  return { scan, compare };
}

/** Says of jobs that one schedule launched them. */
async function sameSchedule({ platform }: PlatformUnderTest, scans: readonly number[]): Promise<void> {
  const { database, subscriptionId } = platform.context;
  const { rows } = await sql<{ id: number }>`
    insert into schedule (subscription_id, name, zone, recurrence, request, enabled, overlap, catch_up_minutes, owner_account, owner_login)
    select ${subscriptionId}, 'Nightly', 'UTC', '{}', '{}', false, 'skip', 0, min(id), 'admin' from account returning id`.execute(
    database.db,
  );
  for (const [day, scanId] of scans.entries())
    await sql`
      insert into schedule_run (subscription_id, schedule_id, due_at, at, outcome, scan_id)
      values (${subscriptionId}, ${rows[0]?.id}, ${new Date(day)}, ${new Date(day)}, 'launched', ${scanId})`.execute(
      database.db,
    );
}

const host = (lease: Lease, port: 'open' | 'closed' | 'filtered'): Events => [
  ...hostUp(lease, '10.0.0.6', time),
  ...portsDone('10.0.0.6', time, 80, port),
];

describe.each(databaseKinds)('comparing two scans on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('a finding is fixed only where its check ran and passed', () =>
    withPlatform(kind, async (under) => {
      const { scan, compare } = await lab(under);
      const checked = (lease: Lease, result: 'found' | 'passed' | 'timeout') => [
        ...host(lease, 'open'),
        ...servicesDone('10.0.0.6', time, 80),
        ...osDone('10.0.0.6', time),
        ...checksDone('10.0.0.6', time, 80, result),
      ];
      const first = await scan((lease) => checked(lease, 'found'));
      const timedOut = await scan((lease) => checked(lease, 'timeout'));
      const closed = await scan((lease) => host(lease, 'closed'));
      const passed = await scan((lease) => checked(lease, 'passed'));
      const finding = {
        kind: 'finding',
        check: 'weak-thing',
        name: 'A weak thing',
        address: '10.0.0.6',
        port: 80,
        before: 'high',
        after: null,
      };
      expect(await compare(passed, first, 'kind=finding')).toMatchObject({
        items: [{ ...finding, change: 'fixed', reason: null, assetId: expect.any(Number) }],
        total: 1,
        counts: { fixed: 1 },
        samePlan: true,
        before: { id: first },
      });
      expect((await compare(timedOut, first, 'kind=finding')).items).toMatchObject([
        { ...finding, change: 'not-tested', reason: 'timeout' },
      ]);
      expect((await compare(closed, first, 'kind=finding')).items).toMatchObject([
        { ...finding, change: 'not-tested', reason: 'port-closed' },
      ]);
      expect((await compare(first, passed, 'kind=finding')).items).toMatchObject([
        { change: 'new', before: null, after: 'high' },
      ]);
      expect((await compare(first, timedOut, 'kind=finding')).items).toMatchObject([
        { change: 'not-tested-before', reason: 'timeout' },
      ]);
      expect((await compare(closed, first, 'kind=port')).items).toMatchObject([
        { change: 'closed', port: 80, before: 'open', after: null },
      ]);
      expect((await compare(first, closed, 'kind=port')).items).toMatchObject([{ change: 'opened' }]);
      expect((await under.api('GET', `/api/v1/scans/${passed}/previous`)).json).toMatchObject({
        by: 'targets',
        scan: { id: closed },
      });
      expect((await under.api('GET', `/api/v1/scans/${first}/previous`)).json).toEqual({ by: null, scan: null });
      await sameSchedule(under, [first, passed]);
      const previous = (await under.api('GET', `/api/v1/scans/${passed}/previous`)).json;
      expect(previous).toMatchObject({ by: 'schedule', scan: { id: first } });
    }),
  );

  it.skipIf(!canRun(kind))(
    'a host is gone only where its address was asked, a port closed only where it was tested',
    () =>
      withPlatform(kind, async (under) => {
        const { scan, compare } = await lab(under);
        const first = await scan((lease) => [...host(lease, 'open'), ...servicesDone('10.0.0.6', time, 80)]);
        const version = (lease: Lease): Events => [
          ...host(lease, 'open'),
          ...servicesDone('10.0.0.6', time, 80).map((event) =>
            event.type === 'service' ? { ...event, version: '1.27.0' } : event,
          ),
        ];
        const newer = await scan(version);
        expect((await compare(newer, first, 'kind=service')).items).toMatchObject([
          {
            change: 'changed',
            before: expect.stringContaining('nginx 1.22.1'),
            after: expect.stringContaining('nginx 1.27.0'),
            port: 80,
          },
        ]);
        const silent = await scan((lease) => [
          {
            type: 'unit',
            unit: { phase: 'discovery', subject: lease.blocks[0] ?? '' },
            time,
            state: 'done',
            counts: { addresses: 2, up: 0 },
          },
        ]);
        const lost = await scan(() => []);
        const assumed = await scan(
          (lease) =>
            hostUp(lease, '10.0.0.6', time).map((event) =>
              event.type === 'host' ? { ...event, reason: 'assumed' } : event,
            ),
          { assumeAlive: true },
        );
        expect((await compare(assumed, first, '')).items).toMatchObject([
          { change: 'not-tested', reason: 'not-known' },
        ]);
        expect(await compare(assumed, silent, '')).toMatchObject({ items: [], counts: {} });
        const elsewhere = await scan(() => [], { targets: '10.0.9.0/30' });
        expect((await compare(silent, first, '')).items).toMatchObject([
          { kind: 'host', change: 'gone', address: '10.0.0.6', before: 'syn-ack' },
        ]);
        expect((await compare(first, silent, 'change=new')).items).toMatchObject([{ change: 'new', after: 'syn-ack' }]);
        expect((await compare(silent, first, 'kind=port')).items).toMatchObject([
          { change: 'not-tested', reason: 'host-silent' },
        ]);
        expect((await compare(lost, first, '')).counts).toEqual({ 'not-tested': 1 });
        expect(await compare(elsewhere, first, '')).toMatchObject({
          items: [{ change: 'not-tested', reason: 'not-in-targets' }],
          samePlan: false,
        });
        expect((await compare(first, lost, '')).items).toMatchObject([{ change: 'not-tested-before' }]);
        const filtered = await scan((lease) => host(lease, 'filtered'));
        expect((await compare(filtered, first, 'kind=port')).items).toMatchObject([{ change: 'no-answer', port: 80 }]);
        const partly = await scan((lease) => host(lease, 'open'), { ports: '80', services: false });
        expect((await compare(partly, first, 'kind=service')).items).toMatchObject([
          { change: 'not-tested', reason: 'not-planned' },
        ]);
      }),
  );

  it.skipIf(!canRun(kind))('networks do not mix, and what devices call themselves is no formula', () =>
    withPlatform(kind, async (under) => {
      const { scan } = await lab(under);
      const named = (name: string) => (lease: Lease) =>
        [...host(lease, 'open'), ...checksDone('10.0.0.6', time, 80, 'found')].map((event) =>
          event.type === 'finding'
            ? { ...event, name, severity: name === '' ? ('low' as const) : event.severity }
            : event,
        );
      const first = await scan(named(''));
      const second = await scan(named('=HYPERLINK("x")'));
      const path = `/api/v1/scans/${second}/compare/${first}/export?kind=finding`;
      expect((await under.api('GET', path)).json).toBe(
        'kind,change,reason,address,protocol,port,check,name,severity,before,after\r\n' +
          `finding,severity,,10.0.0.6,tcp,80,weak-thing,"'=HYPERLINK(""x"")",high,low,high\r\n`,
      );
      const elsewhere = await under.network('192.168.0.0/24', 'Other');
      const { id } = (
        await under.api('POST', '/api/v1/scans', { kind: 'scan', networkId: elsewhere, targets: '192.168.0.1' })
      ).json;
      expect((await under.api('GET', `/api/v1/scans/${id}/compare/${first}`)).json).toMatchObject({
        code: 'compare.other-network',
      });
      expect((await under.api('GET', `/api/v1/scans/${first}/compare/${first}`)).json).toMatchObject({
        code: 'compare.same-scan',
      });
      expect((await under.api('GET', `/api/v1/scans/${first}/compare/999`)).status).toBe(404);
    }),
  );
});
