import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { wholeScan } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';
import { scanLauncher } from '../scans/plugin.ts';
import { tick } from './scheduler.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const wall = (at: number) => new Date(at).toISOString().slice(0, 16);

function body(networkId: number, more: object = {}) {
  const scan = { kind: 'scan', networkId, targets: '10.0.0.7', ports: '80' };
  const recurrence = { kind: 'interval', start: wall(Date.now() + hourMs), every: 1, unit: 'hours' };
  return { name: 'Hourly', zone: 'UTC', recurrence, scan, ...more };
}

async function made(under: PlatformUnderTest, request: object): Promise<number> {
  const answer = await under.api('POST', '/api/v1/schedules', request);
  expect(answer).toMatchObject({ status: 201 });
  return answer.json.id;
}

const depsOf = (under: PlatformUnderTest) => ({
  context: under.platform.context,
  launch: scanLauncher(under.platform.context),
});

/** Runs of a schedule, oldest first, once none of them is being launched. */
async function runsOf(under: PlatformUnderTest, id: number) {
  const read = async () => (await under.api('GET', `/api/v1/schedules/${id}/runs`)).json.items;
  await expect
    .poll(async () => (await read()).some((run: { outcome: string }) => run.outcome === 'starting'))
    .toBe(false);
  return (await read()).toReversed();
}

const jobs = async (under: PlatformUnderTest) => (await under.api('GET', '/api/v1/scans')).json;

describe.each(databaseKinds)('schedules on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('every run that is due is launched once, whatever number of replicas look for it', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      await under.appliance(network);
      const ids: number[] = [];
      for (let number = 1; number <= 5; number += 1) ids.push(await made(under, body(network, { name: `S${number}` })));
      under.advance(hourMs + minuteMs);
      await Promise.all(Array.from({ length: 6 }, () => tick(depsOf(under))));
      for (const id of ids) expect(await runsOf(under, id)).toMatchObject([{ outcome: 'launched', manual: false }]);
      const { items, total } = await jobs(under);
      expect(total).toBe(5);
      expect(items.map((one: { title: string }) => one.title).sort()).toEqual(['S1', 'S2', 'S3', 'S4', 'S5']);
    }),
  );

  it.skipIf(!canRun(kind))('a local time that does not exist runs at the next minute that does', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      await under.appliance(network);
      under.advance(Date.parse('2027-03-28T00:50:00Z') - Date.now());
      const rule = { unit: 'days' };
      const recurrence = { kind: 'calendar', start: '2027-03-01T02:30', rule };
      const id = await made(under, body(network, { zone: 'Europe/Berlin', recurrence }));
      const read = async () => (await under.api('GET', `/api/v1/schedules/${id}`)).json;
      expect((await read()).nextAt).toBe('2027-03-28T01:00:00.000Z');
      under.advance(11 * minuteMs);
      await tick(depsOf(under));
      expect(await runsOf(under, id)).toMatchObject([{ dueAt: '2027-03-28T01:00:00.000Z', outcome: 'launched' }]);
      expect(await read()).toMatchObject({ nextAt: '2027-03-29T00:30:00.000Z', runs: 1, missed: 0 });
    }),
  );

  it.skipIf(!canRun(kind))(
    'after a silence of the platform one run is made up, and the others are missed with an alarm',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        await under.appliance(network);
        const id = await made(under, body(network));
        under.advance(4.5 * hourMs);
        await tick(depsOf(under));
        expect(await runsOf(under, id)).toMatchObject([
          { outcome: 'missed', reason: 'platform-down' },
          { outcome: 'missed', reason: 'platform-down' },
          { outcome: 'missed', reason: 'platform-down' },
          { outcome: 'launched' },
        ]);
        const audit = (await under.api('GET', '/api/v1/audit')).json.items;
        expect(audit.filter((entry: { action: string }) => entry.action === 'schedule.missed')).toHaveLength(3);
      }),
  );

  it.skipIf(!canRun(kind))('a run that comes while the one before still goes is left out, or waits for its end', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const box = await under.appliance(network);
      const skips = await made(under, body(network));
      const queues = await made(under, body(network, { name: 'Queued', overlap: 'queue' }));
      for (let hour = 1; hour <= 3; hour += 1) {
        under.advance(hour === 1 ? hourMs + minuteMs : hourMs);
        await tick(depsOf(under));
      }
      expect(await runsOf(under, skips)).toMatchObject([
        { outcome: 'launched' },
        { outcome: 'missed', reason: 'previous-still-running' },
        { outcome: 'missed', reason: 'previous-still-running' },
      ]);
      expect((await under.api('GET', `/api/v1/schedules/${skips}`)).json.missed).toBe(2);
      expect(await runsOf(under, queues)).toMatchObject([
        { outcome: 'launched' },
        { outcome: 'waiting' },
        { outcome: 'missed', reason: 'previous-still-running' },
      ]);
      for (let turn = 1; turn <= 2; turn += 1) {
        const [signed] = (await box.poll()).granted;
        if (!signed) throw new Error('no lease');
        const lease = box.openLease(signed);
        await box.upload(box.spool(lease, wholeScan(lease, '10.0.0.7', lease.issuedAt, 'passed')));
      }
      await tick(depsOf(under));
      expect((await runsOf(under, queues))[1]).toMatchObject({ outcome: 'launched' });
    }),
  );

  it.skipIf(!canRun(kind))('a run without an appliance, or of an owner who may not, is missed and says why', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const id = await made(under, body(network));
      under.advance(hourMs + minuteMs);
      await tick(depsOf(under));
      const [first] = await runsOf(under, id);
      expect(first).toMatchObject({ outcome: 'missed', reason: 'no-appliance', scanId: null });
      await under.appliance(network);
      await under.platform.context.database.db.updateTable('schedule').set({ owner_account: 999_999 }).execute();
      under.advance(hourMs);
      await tick(depsOf(under));
      expect((await runsOf(under, id))[1]).toMatchObject({ outcome: 'missed', reason: 'owner-disabled' });
      expect((await jobs(under)).total).toBe(0);
      const manual = (await under.api('PUT', `/api/v1/schedules/${id}`, body(network, { enabled: false }))).json;
      expect(manual).toMatchObject({ enabled: false, nextAt: null });
      expect((await under.api('POST', `/api/v1/schedules/${id}/run`)).json).toMatchObject({
        outcome: 'launched',
        manual: true,
      });
    }),
  );

  it.skipIf(!canRun(kind))(
    'a schedule that starts again on finish does so when its job has ended, after its pause',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const box = await under.appliance(network);
        const recurrence = { kind: 'after-finish', start: wall(Date.now() - hourMs), delayMinutes: 30 };
        const id = await made(under, body(network, { recurrence }));
        await tick(depsOf(under));
        expect(await runsOf(under, id)).toMatchObject([{ outcome: 'launched' }]);
        const [signed] = (await box.poll()).granted;
        if (!signed) throw new Error('no lease');
        const lease = box.openLease(signed);
        await box.upload(box.spool(lease, wholeScan(lease, '10.0.0.7', lease.issuedAt, 'passed')));
        await tick(depsOf(under));
        expect(await runsOf(under, id)).toHaveLength(1);
        under.advance(32 * minuteMs);
        await tick(depsOf(under));
        expect(await runsOf(under, id)).toMatchObject([{ outcome: 'launched' }, { outcome: 'launched' }]);
      }),
  );

  it.skipIf(!canRun(kind))(
    'a preview tells the next ten runs of fields or of an RRULE, and refuses what cannot be kept',
    () =>
      withPlatform(kind, async (under) => {
        const preview = (request: object) => under.api('POST', '/api/v1/schedules/preview', request);
        const rrule = 'DTSTART;TZID=Europe/Berlin:20300105T013000\nRRULE:FREQ=MONTHLY;BYDAY=1SA';
        const { json } = await preview({ zone: 'UTC', rrule });
        expect(json).toMatchObject({
          zone: 'Europe/Berlin',
          description: 'Every month on the 1st Sat at 01:30, Europe/Berlin',
        });
        expect(json.runs.slice(0, 2)).toEqual(['2030-01-05T00:30:00.000Z', '2030-02-02T00:30:00.000Z']);
        expect(json.runs).toHaveLength(10);
        const refused = await preview({ zone: 'UTC', rrule: 'RRULE:FREQ=YEARLY;BYWEEKNO=20' });
        expect(refused).toMatchObject({ status: 400, json: { code: 'schedule.invalid' } });
        const past = await under.api(
          'POST',
          '/api/v1/schedules',
          body(1, { recurrence: { kind: 'once', start: '2020-01-01T00:00' } }),
        );
        expect(past).toMatchObject({ status: 400, json: { errors: [{ field: 'start' }] } });
      }),
  );
});
