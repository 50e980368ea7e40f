import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { checksDone, hostUp, portsDone, sliceEnd } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';
import { sweep } from './sweeper.ts';

const now = () => new Date().toISOString();
const request = (networkId: number, targets = '10.0.0.7') => ({ kind: 'scan', networkId, targets, ports: '80' });

async function launch(under: PlatformUnderTest, networkId: number, targets?: string): Promise<number> {
  const answer = await under.api('POST', '/api/v1/scans', request(networkId, targets));
  expect(answer).toMatchObject({ status: 201 });
  return answer.json.id;
}

async function lastContact(under: PlatformUnderTest, applianceId: number): Promise<string> {
  return (await under.api('GET', `/api/v1/appliances/${applianceId}`)).json.lastContact;
}

/** Resolves once the platform has taken the next poll in. */
async function arrived(under: PlatformUnderTest, applianceId: number, before: string): Promise<void> {
  while ((await lastContact(under, applianceId)) === before);
}

async function elapsed(body: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await body();
  return performance.now() - began;
}

type Told = ReturnType<typeof checksDone>;

function checksBegan(address: string): Told {
  const part = (done: string, number: number): Told =>
    checksDone(address, now(), 80, 'passed', `check-${number}`).flatMap((event) =>
      event.type === 'checked' ? [{ ...event, plan: 'p', done, part: number }] : [],
    );
  return [...part('0-3', 0), ...part('7', 1)];
}

function checksEnded(address: string): Told {
  return checksDone(address, now(), 80, 'passed').map((event) =>
    event.type === 'checked' ? { ...event, plan: 'p', done: '0-9' } : event,
  );
}

describe.each(databaseKinds)('dispatch on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('a held poll gets its lease as soon as a job is launched, with all that bounds it', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24\n');
      const box = await under.appliance(network);
      const held = box.poll({ waitSeconds: 20 });
      const id = await launch(under, network, '10.0.0.0/29');
      const milliseconds = await elapsed(async () => {
        const answer = await held;
        const [signed] = answer.granted;
        if (!signed) throw new Error('no lease');
        const lease = box.openLease(signed);
        expect(lease).toMatchObject({
          scanId: id,
          applianceId: box.applianceId,
          attempt: 1,
          blocks: ['10.0.0.0-10.0.0.7'],
          phases: ['discovery', 'ports', 'services', 'os', 'checks'],
          ports: { tcp: '80', udp: '' },
          profile: { name: 'normal', packetsPerSecond: 2000 },
          window: null,
          resume: { ended: [], hosts: [], ports: [], services: [], checks: [] },
        });
        expect(Date.parse(lease.deadline) - Date.parse(lease.issuedAt)).toBeGreaterThan(86_000_000);
      });
      expect(milliseconds).toBeLessThan(2000);
      expect((await under.api('GET', `/api/v1/scans/${id}`)).json).toMatchObject({
        status: 'running',
        slices: { leased: 1 },
      });
    }),
  );

  it.skipIf(!canRun(kind))(
    'pause, resume and cancel reach a held poll in under two seconds and settle when the appliance follows',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const box = await under.appliance(network);
        const id = await launch(under, network);
        const lease = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
        const named = (state: 'running' | 'paused' | 'ending') => ({
          leases: [{ leaseId: lease.leaseId, state }],
          capacity: 0,
          waitSeconds: 20,
        });
        for (const [action, state, desired, during, after] of [
          ['pause', 'running', 'pause', 'pausing', 'paused'],
          ['resume', 'paused', 'run', 'queued', 'running'],
          ['cancel', 'running', 'stop', 'canceling', 'canceling'],
        ] as const) {
          const before = await lastContact(under, box.applianceId);
          const held = box.poll(named(state));
          await arrived(under, box.applianceId, before);
          const took = await elapsed(async () => {
            expect((await under.api('POST', `/api/v1/scans/${id}/${action}`)).json).toMatchObject({ status: during });
            expect((await held).leases).toMatchObject([{ leaseId: lease.leaseId, desired }]);
          });
          expect(took).toBeLessThan(2000);
          const next = desired === 'pause' ? 'paused' : desired === 'stop' ? 'ending' : 'running';
          await box.poll({ ...named(next), waitSeconds: 0 });
          expect((await under.api('GET', `/api/v1/scans/${id}`)).json.status).toBe(after);
        }
        expect((await box.upload(box.spool(lease, [sliceEnd(now(), 'stopped')]))).status).toBe(200);
        expect((await under.api('GET', `/api/v1/scans/${id}`)).json).toMatchObject({
          status: 'canceled',
          complete: false,
        });
        const impossible = await under.api('POST', `/api/v1/scans/${id}/resume`);
        expect(impossible).toMatchObject({
          status: 409,
          json: { code: 'scan.transition-impossible', detail: expect.stringContaining('Possible: delete') },
        });
      }),
  );

  it.skipIf(!canRun(kind))(
    'a pause and a resume reach a held poll that is older than the lease or than its state',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const box = await under.appliance(network);
        const id = await launch(under, network);
        const { leaseId } = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
        for (const [action, leases, beside, desired] of [
          ['pause', [], 'running', 'pause'],
          ['resume', [{ leaseId, state: 'running' }], 'paused', 'run'],
        ] as const) {
          const before = await lastContact(under, box.applianceId);
          const held = box.poll({ leases: [...leases], capacity: 0, waitSeconds: 20 });
          await arrived(under, box.applianceId, before);
          await box.poll({ leases: [{ leaseId, state: beside }], capacity: 0, waitSeconds: 0 });
          const took = await elapsed(async () => {
            expect((await under.api('POST', `/api/v1/scans/${id}/${action}`)).status).toBe(200);
            expect((await held).leases).toMatchObject([{ leaseId, desired }]);
          });
          expect(took).toBeLessThan(2000);
        }
      }),
  );

  it.skipIf(!canRun(kind))(
    'an expired lease goes to another appliance with what was settled, and its late events still count',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const first = await under.appliance(network, 'first');
        const id = await launch(under, network, '10.0.0.6/31');
        const lost = first.openLease((await first.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
        const began = [...hostUp(lost, '10.0.0.7', now()), ...checksBegan('10.0.0.7'), ...checksEnded('10.0.0.6')];
        expect((await first.upload(first.spool(lost, began))).json).toEqual({ next: 8 });
        under.advance(11 * 60_000);
        await sweep(under.platform.context);
        const second = await under.appliance(network, 'second');
        const taken = second.openLease((await second.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
        expect(taken).toMatchObject({
          sliceId: lost.sliceId,
          attempt: 2,
          resume: { hosts: [{ address: '10.0.0.7' }] },
        });
        // Half of the checks of a host are not done again; where all ended, the unit says it.
        expect(taken.resume.checks).toEqual([
          { address: '10.0.0.7', protocol: 'tcp', port: 80, plan: 'p', done: '0-3,7', parts: 2 },
        ]);
        expect(taken.resume.ended).toContainEqual({ phase: 'checks', subject: '10.0.0.6' });
        const late = [...portsDone('10.0.0.7', now(), 80, 'open'), sliceEnd(now())];
        expect((await first.upload(first.spool(lost, late))).status).toBe(200);
        const detail = (await under.api('GET', `/api/v1/scans/${id}`)).json;
        expect(detail).toMatchObject({ status: 'running', openPorts: 1, slices: { leased: 1, done: 0 } });
        expect(
          (await first.poll({ leases: [{ leaseId: lost.leaseId, state: 'running' }], capacity: 0 })).leases,
        ).toMatchObject([{ desired: 'stop' }]);
      }),
  );

  it.skipIf(!canRun(kind))(
    'a lease whose answer was lost is delivered again, and one that its holder forgot goes back',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const box = await under.appliance(network);
        await launch(under, network);
        const granted = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
        expect((await box.poll()).granted).toHaveLength(0);
        under.advance(3000);
        const again = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
        expect(again.leaseId).toBe(granted.leaseId);
        await box.poll({ leases: [{ leaseId: again.leaseId, state: 'running' }], capacity: 0 });
        const anew = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
        expect(anew).toMatchObject({ sliceId: granted.sliceId, attempt: 2 });
      }),
  );

  it.skipIf(!canRun(kind))(
    'jobs take turns, appliances share the rate of a job, and one network gets nothing of another',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/8');
        const other = await under.network('192.168.0.0/16', 'Other');
        const box = await under.appliance(network, 'one');
        const twin = await under.appliance(network, 'two');
        const stranger = await under.appliance(other, 'three');
        await twin.poll({ capacity: 0 });
        await box.poll({ capacity: 0 });
        const big = await launch(under, network, '10.0.0.0/16');
        const small = await launch(under, network, '10.1.0.0/24');
        const leases = (await box.poll({ capacity: 4 })).granted.map((signed) => box.openLease(signed));
        expect(leases.slice(0, 2).map((lease) => lease.scanId)).toEqual([big, small]);
        expect(leases.every((lease) => lease.profile.packetsPerSecond === 1000)).toBe(true);
        expect((await stranger.poll({ capacity: 4 })).granted).toEqual([]);
      }),
  );

  it.skipIf(!canRun(kind))(
    'a job past its deadline ends: what waited is not evaluable, what is held ends by its own word',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/8');
        const box = await under.appliance(network);
        const waiting = await launch(under, network);
        under.advance(86_400_000 + 1000);
        await sweep(under.platform.context);
        const late = (await under.api('GET', `/api/v1/scans/${waiting}`)).json;
        expect(late).toMatchObject({ complete: false, slices: { pending: 0, leased: 0 } });
        expect(['finished', 'error']).toContain(late.status);
        expect(late.notEvaluable).toMatchObject([{ phase: 'discovery', reason: 'deadline' }]);
        expect((await box.poll()).granted).toEqual([]);

        const big = await launch(under, network, '10.1.0.0/16');
        const [signed] = (await box.poll()).granted;
        const lease = box.openLease(signed ?? { payload: '', signature: '', keyId: '' });
        under.advance(86_400_000 + 1000);
        // The holder is still there: its poll renews the lease before the sweep.
        await box.poll({ leases: [{ leaseId: lease.leaseId, state: 'running' }], capacity: 0 });
        await sweep(under.platform.context);
        expect((await under.api('GET', `/api/v1/scans/${big}`)).json).toMatchObject({
          status: 'running',
          slices: { pending: 0, leased: 1 },
        });
        await box.upload(box.spool(lease, [sliceEnd(now(), 'incomplete')]));
        expect((await under.api('GET', `/api/v1/scans/${big}`)).json).toMatchObject({
          complete: false,
          slices: { leased: 0 },
        });
      }),
  );

  it.skipIf(!canRun(kind))('a job that nobody can run says why', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const id = await launch(under, network);
      const reason = async () => (await under.api('GET', `/api/v1/scans/${id}`)).json.statusReason;
      expect(await reason()).toContain('No appliance serves the network Test');
      const box = await under.appliance(network, 'is_box');
      expect(await reason()).toContain('is_box is offline and never called');
      await box.poll({ capacity: 0 });
      expect(await reason()).toBeNull();
      under.advance(600_000);
      expect(await reason()).toContain('is offline since');
    }),
  );
});
