import type { Lease } from '@picket/contracts/lease';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { sweep } from '../dispatch/sweeper.ts';
import { hostUp, portsDone, wholeScan } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const minuteMs = 60_000;

/** `HH:MM` in UTC, so many minutes from now. */
function clock(minutes: number): string {
  return new Date(Date.now() + minutes * minuteMs).toISOString().slice(11, 16);
}

async function made(under: PlatformUnderTest, body: object) {
  const answer = await under.api('POST', '/api/v1/windows', { zone: 'UTC', ...body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.json.id;
}

async function launched(under: PlatformUnderTest, networkId: number, more: object = {}) {
  const body = { kind: 'scan', networkId, targets: '10.0.0.7', ports: '80', checks: false, services: false, ...more };
  const answer = await under.api('POST', '/api/v1/scans', body);
  expect(answer).toMatchObject({ status: 201 });
  return answer.json.id;
}

type Box = Awaited<ReturnType<PlatformUnderTest['appliance']>>;

async function leaseOf(box: Box): Promise<Lease> {
  const [signed] = (await box.poll()).granted;
  if (!signed) throw new Error('no lease');
  return box.openLease(signed);
}

const sliceEnded = (lease: Lease) => ({
  type: 'slice' as const,
  time: lease.window?.notAfter ?? lease.deadline,
  outcome: 'stopped' as const,
  reason: 'window-closed' as const,
});

describe.each(databaseKinds)('windows on the %s database', (kind) => {
  it.skipIf(!canRun(kind))(
    'a job outside of its window waits, says until when, and is leased up to the end of the next',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const box = await under.appliance(network);
        const weekly = [{ days: everyDay, from: clock(120), to: clock(240) }];
        const id = await launched(under, network, {
          windowIds: [await made(under, { name: 'Later', kind: 'allow', weekly })],
        });
        expect((await box.poll()).granted).toEqual([]);
        const waiting = (await under.api('GET', `/api/v1/scans/${id}`)).json;
        expect(waiting.status).toBe('queued');
        expect(waiting.statusReason).toMatch(new RegExp(`^Waiting for the window until .* ${clock(120)} UTC\\.$`));
        under.advance(125 * minuteMs);
        const lease = await leaseOf(box);
        expect(lease.window?.notAfter.slice(11, 16)).toBe(clock(240));
        expect(Date.parse(lease.deadline) - Date.parse(lease.issuedAt)).toBeGreaterThan(86_400_000);
      }),
  );

  it.skipIf(!canRun(kind))('what the end of a window cuts off is given back, waits, and goes on in the next one', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const box = await under.appliance(network);
      const weekly = [{ days: everyDay, from: clock(-60), to: clock(60) }];
      const id = await launched(under, network, {
        windowIds: [await made(under, { name: 'Now', kind: 'allow', weekly })],
      });
      const lease = await leaseOf(box);
      const time = lease.issuedAt;
      const cut = { type: 'unit' as const, unit: { phase: 'ports' as const, subject: '10.0.0.7' }, time };
      const events = [
        ...hostUp(lease, '10.0.0.7', time),
        { ...cut, state: 'running' as const },
        { ...cut, state: 'cancelled' as const, reason: 'window-closed' as const },
        sliceEnded(lease),
      ];
      under.advance(61 * minuteMs);
      expect((await box.upload(box.spool(lease, events))).status).toBe(200);
      const resting = (await under.api('GET', `/api/v1/scans/${id}`)).json;
      expect(resting).toMatchObject({
        status: 'queued',
        hostsUp: 1,
        slices: { pending: 1, leased: 0 },
        notEvaluable: [],
      });
      expect(resting.statusReason).toContain('Waiting for the window until');
      expect((await box.poll()).granted).toEqual([]);
      under.advance(23 * 60 * minuteMs);
      const next = await leaseOf(box);
      expect(next).toMatchObject({ attempt: 2, resume: { hosts: [{ address: '10.0.0.7' }] } });
      const rest = portsDone('10.0.0.7', next.issuedAt, 80, 'open');
      const end = { type: 'slice' as const, time: next.issuedAt, outcome: 'complete' as const };
      await box.upload(box.spool(next, [...rest, end]));
      expect((await under.api('GET', `/api/v1/scans/${id}`)).json.openPorts).toBe(1);
    }),
  );

  it.skipIf(!canRun(kind))('a slice may come back from any number of windows', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const box = await under.appliance(network);
      const weekly = [{ days: everyDay, from: clock(-60), to: clock(60) }];
      const id = await launched(under, network, {
        windowIds: [await made(under, { name: 'Now', kind: 'allow', weekly })],
      });
      for (let night = 1; night <= 10; night += 1) {
        const lease = await leaseOf(box);
        expect(lease.attempt).toBe(night);
        await box.upload(box.spool(lease, [sliceEnded(lease)]));
        under.advance(24 * 60 * minuteMs);
      }
      expect((await under.api('GET', `/api/v1/scans/${id}`)).json).toMatchObject({
        status: 'queued',
        slices: { pending: 1 },
      });
    }),
  );

  it.skipIf(!canRun(kind))(
    'a blackout that holds everywhere is heard of by what is scanned already, and keeps all else waiting',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const box = await under.appliance(network);
        await launched(under, network);
        const lease = await leaseOf(box);
        const leases = [{ leaseId: lease.leaseId, state: 'running' as const }];
        const held = box.poll({ leases, capacity: 0, waitSeconds: 20 });
        const weekly = [{ days: everyDay, from: clock(-60), to: clock(60) }];
        const window = await made(under, { name: 'Freeze', kind: 'blackout', weekly, everywhere: true });
        expect((await held).leases).toMatchObject([{ desired: 'pause' }]);
        const other = await launched(under, network);
        expect((await under.api('GET', `/api/v1/scans/${other}`)).json.statusReason).toContain('blackout "Freeze"');
        await under.api('DELETE', `/api/v1/windows/${window}`);
        const paused = [{ leaseId: lease.leaseId, state: 'paused' as const }];
        expect((await box.poll({ leases: paused, capacity: 0 })).leases).toMatchObject([{ desired: 'run' }]);
      }),
  );

  it.skipIf(!canRun(kind))(
    'after its longest run a job is canceled, or paused until somebody resumes it, and its lease ends then',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const box = await under.appliance(network);
        const canceled = await launched(under, network, { runLimit: { hours: 2, action: 'cancel' } });
        const lease = await leaseOf(box);
        const room = Date.parse(lease.window?.notAfter ?? '') - Date.parse(lease.issuedAt);
        expect(room).toBe(120 * minuteMs);
        under.advance(121 * minuteMs);
        await sweep(under.platform.context);
        await box.upload(box.spool(lease, [sliceEnded(lease)]));
        expect((await under.api('GET', `/api/v1/scans/${canceled}`)).json.status).toBe('canceled');
        const paused = await launched(under, network, { runLimit: { hours: 1, action: 'pause' } });
        const second = await leaseOf(box);
        under.advance(61 * minuteMs);
        await box.upload(box.spool(second, [sliceEnded(second)]));
        await sweep(under.platform.context);
        const resting = (await under.api('GET', `/api/v1/scans/${paused}`)).json;
        expect(resting).toMatchObject({ status: 'paused' });
        expect(resting.statusReason).toContain('It ran for 1 hour');
        expect((await box.poll()).granted).toEqual([]);
        await under.api('POST', `/api/v1/scans/${paused}/resume`);
        const third = await leaseOf(box);
        expect(Date.parse(third.window?.notAfter ?? '') - Date.parse(third.issuedAt)).toBe(60 * minuteMs);
        await box.upload(box.spool(third, wholeScan(third, '10.0.0.7', third.issuedAt, 'passed')));
      }),
  );

  it.skipIf(!canRun(kind))('after its longest run a job with windows rests until the next of them', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const box = await under.appliance(network);
      const weekly = [{ days: everyDay, from: clock(-60), to: clock(300) }];
      const windowIds = [await made(under, { name: 'Long', kind: 'allow', weekly })];
      const id = await launched(under, network, { windowIds, runLimit: { hours: 1, action: 'pause' } });
      const lease = await leaseOf(box);
      under.advance(61 * minuteMs);
      await box.upload(box.spool(lease, [sliceEnded(lease)]));
      await sweep(under.platform.context);
      const resting = (await under.api('GET', `/api/v1/scans/${id}`)).json;
      expect(resting).toMatchObject({ status: 'queued' });
      expect(resting.statusReason).toContain(`${clock(-60)} UTC`);
      expect((await box.poll()).granted).toEqual([]);
      under.advance(22.5 * 60 * minuteMs);
      expect((await leaseOf(box)).attempt).toBe(2);
    }),
  );

  it.skipIf(!canRun(kind))('a window is checked whole, named once, and kept while a job needs it', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const bad = await under.api('POST', '/api/v1/windows', {
        name: 'x',
        kind: 'allow',
        zone: 'Mars/Base',
        weekly: [],
        everywhere: true,
      });
      expect(bad).toMatchObject({ status: 400, json: { code: 'window.invalid' } });
      expect(bad.json.errors.map((fault: { field: string }) => fault.field)).toEqual(['zone', 'weekly', 'everywhere']);
      const weekly = [{ days: everyDay, from: clock(-60), to: clock(60) }];
      const id = await made(under, { name: 'Night', kind: 'allow', weekly });
      const twice = await under.api('POST', '/api/v1/windows', { name: 'NIGHT', kind: 'allow', zone: 'UTC', weekly });
      expect(twice).toMatchObject({ status: 409, json: { code: 'window.name-taken' } });
      expect((await under.api('GET', `/api/v1/windows/${id}`)).json).toMatchObject({ now: true, openJobs: 0 });
      await launched(under, network, { windowIds: [id] });
      expect(await under.api('DELETE', `/api/v1/windows/${id}`)).toMatchObject({
        status: 409,
        json: { code: 'window.in-use' },
      });
      const unknown = { kind: 'scan', networkId: network, targets: '10.0.0.7', windowIds: [id + 1] };
      const refused = await under.api('POST', '/api/v1/plans', unknown);
      expect(refused.json.errors).toMatchObject([{ field: 'windowIds', item: String(id + 1) }]);
    }),
  );

  it.skipIf(!canRun(kind))('the plan says when it does not fit the window', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/16');
      const weekly = [{ days: everyDay, from: clock(-60), to: clock(2) }];
      const windowIds = [await made(under, { name: 'Short', kind: 'allow', weekly })];
      const body = { kind: 'scan', networkId: network, targets: '10.0.0.0/16', windowIds };
      const plan = (await under.api('POST', '/api/v1/plans', body)).json;
      expect(plan.warnings.join(' ')).toContain('It does not fit the window');
      const small = (await under.api('POST', '/api/v1/plans', { ...body, targets: '10.0.0.1', ports: '80' })).json;
      expect(small.warnings.join(' ')).not.toContain('fit');
    }),
  );
});
