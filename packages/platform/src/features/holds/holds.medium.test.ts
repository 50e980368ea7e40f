import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isHeld } from '../../jobs/hold.ts';
import { startTestPlatform, type TestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { withPlatform, type PlatformUnderTest } from '../testing/platform-under-test.ts';

const stop = { action: 'cancel', reason: 'the core switch is failing' };

async function launch(under: PlatformUnderTest, networkId: number): Promise<number> {
  const body = { kind: 'scan', networkId, targets: '10.0.0.7', ports: '80' };
  return (await under.api('POST', '/api/v1/scans', body)).json.id;
}

async function status(under: PlatformUnderTest, id: number): Promise<{ status: string; statusReason: string | null }> {
  return (await under.api('GET', `/api/v1/scans/${id}`)).json;
}

describe.each(databaseKinds)('stop all on the %s database', (kind) => {
  it.skipIf(!canRun(kind))(
    'ends what runs through a held poll, what waits at once, and leases nothing until it is lifted',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const box = await under.appliance(network, 'box');
        const running = await launch(under, network);
        const lease = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
        const waiting = await launch(under, network);
        const named = { leases: [{ leaseId: lease.leaseId, state: 'running' as const }], capacity: 0 };
        const held = box.poll({ waitSeconds: 20, ...named });
        while ((await under.api('GET', `/api/v1/appliances/${box.applianceId}`)).json.connection !== 'long-poll');

        const answer = await under.api('POST', '/api/v1/stop-all', stop);
        expect(answer).toMatchObject({
          status: 200,
          json: {
            hold: { reason: stop.reason, placedBy: 'local-admin', mayLift: true },
            stopped: [running, waiting],
            appliances: [{ name: 'box', connection: 'long-poll', withinSeconds: 5 }],
          },
        });
        // The hold is heard before the job's own end may be.
        expect((await held).leases[0]?.desired).toMatch(/^(pause|stop)$/);
        expect((await box.poll(named)).leases).toMatchObject([{ leaseId: lease.leaseId, desired: 'stop' }]);
        expect(await status(under, running)).toMatchObject({ status: 'canceling' });
        expect(await status(under, waiting)).toMatchObject({ status: 'canceled' });

        const later = await launch(under, network);
        expect((await box.poll({ leases: [{ leaseId: lease.leaseId, state: 'ending' }] })).granted).toEqual([]);
        expect((await status(under, later)).statusReason).toContain(stop.reason);
        const { platform } = under;
        expect(await isHeld({ subscriptionId: platform.context.subscriptionId }, platform.context.database.db)).toBe(
          true,
        );

        const idle = box.poll({ waitSeconds: 20, leases: [{ leaseId: lease.leaseId, state: 'ending' }] });
        expect((await under.api('GET', '/api/v1/hold')).json).toMatchObject({
          hold: { action: 'cancel' },
          waitingJobs: 1,
        });
        expect((await under.api('DELETE', '/api/v1/hold')).json).toEqual({ hold: null, waitingJobs: 0 });
        expect((await idle).granted).toHaveLength(1);
        const actions = (await under.api('GET', '/api/v1/audit')).json.items.map(
          ({ action }: { action: string }) => action,
        );
        expect(actions).toEqual(expect.arrayContaining(['scan.stop-all', 'scan.cancel', 'scan.lift-hold']));
      }),
  );

  it.skipIf(!canRun(kind))('pauses on demand, and keeps a job that somebody resumes meanwhile from running', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const box = await under.appliance(network, 'box');
      const id = await launch(under, network);
      const lease = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
      const named = (state: 'running' | 'paused') => ({ leases: [{ leaseId: lease.leaseId, state }], capacity: 0 });
      await under.api('POST', '/api/v1/stop-all', { ...stop, action: 'pause' });
      expect((await box.poll(named('running'))).leases).toMatchObject([{ desired: 'pause' }]);
      await box.poll(named('paused'));
      expect(await status(under, id)).toMatchObject({ status: 'paused' });
      await under.api('POST', `/api/v1/scans/${id}/resume`);
      expect((await box.poll(named('paused'))).leases).toMatchObject([{ desired: 'pause' }]);
      expect((await status(under, id)).statusReason).toContain('Stop all');
      const held = box.poll({ waitSeconds: 20, ...named('paused') });
      await under.api('DELETE', '/api/v1/hold');
      expect((await held).leases).toMatchObject([{ desired: 'run' }]);
    }),
  );

  it.skipIf(!canRun(kind))('resumes what it paused when it is lifted, and leaves what a person paused', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const box = await under.appliance(network, 'box');
      const byHand = await launch(under, network);
      await under.api('POST', `/api/v1/scans/${byHand}/pause`);
      const running = await launch(under, network);
      const lease = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
      const waiting = await launch(under, network);
      const named = (state: 'running' | 'paused') => ({ leases: [{ leaseId: lease.leaseId, state }], capacity: 0 });

      expect((await under.api('POST', '/api/v1/stop-all', { ...stop, action: 'pause' })).json.stopped).toEqual([
        running,
        waiting,
      ]);
      await box.poll(named('running'));
      await box.poll(named('paused'));
      expect((await under.api('GET', '/api/v1/hold')).json.waitingJobs).toBe(2);
      const held = box.poll({ waitSeconds: 20, ...named('paused') });
      await under.api('DELETE', '/api/v1/hold');
      expect((await held).leases).toMatchObject([{ leaseId: lease.leaseId, desired: 'run' }]);
      expect((await status(under, byHand)).status).toBe('paused');
      for (const id of [running, waiting]) expect((await status(under, id)).status).toMatch(/^(queued|running)$/);
      // Paused by hand after that: the next lifting leaves it.
      await under.api('POST', `/api/v1/scans/${waiting}/pause`);
      await under.api('POST', '/api/v1/stop-all', { ...stop, action: 'pause' });
      await under.api('DELETE', '/api/v1/hold');
      expect((await status(under, waiting)).status).toBe('paused');
      expect((await status(under, running)).status).toMatch(/^(queued|running)$/);
    }),
  );

  it.skipIf(!canRun(kind))('keeps the first reason when it is pressed twice, and is lifted once', () =>
    withPlatform(kind, async (under) => {
      await under.network('10.0.0.0/24');
      const both = await Promise.all([
        under.api('POST', '/api/v1/stop-all', stop),
        under.api('POST', '/api/v1/stop-all', { ...stop, reason: 'second' }),
      ]);
      expect(both[0].json.hold).toEqual(both[1].json.hold);
      expect((await under.api('DELETE', '/api/v1/hold')).status).toBe(200);
      expect(await under.api('DELETE', '/api/v1/hold')).toMatchObject({ status: 409, json: { code: 'hold.none' } });
      const silent = await under.api('POST', '/api/v1/stop-all', { ...stop, reason: ' ' });
      expect(silent).toMatchObject({ status: 400, json: { errors: [{ field: 'reason' }] } });
      expect((await under.api('GET', '/api/v1/hold')).json.hold).toBeNull();
    }),
  );
});

describe('a hold and who may lift it', () => {
  let running: TestPlatform;
  beforeAll(async () => {
    running = await startTestPlatform();
  });
  afterAll(() => running.close());

  it('lets a Unit Manager lift what the same person placed, and a Manager everything', async () => {
    const [manager, first, second] = [
      await running.signedIn('manager'),
      await running.signedIn('unit-manager'),
      await running.signedIn('unit-manager'),
    ];
    const reader = await running.signedIn('reader');
    await first.send('POST', '/api/v1/stop-all', stop);
    expect((await reader.send('GET', '/api/v1/hold')).json.hold).toMatchObject({ mayLift: false });
    expect(await second.send('DELETE', '/api/v1/hold')).toMatchObject({
      status: 403,
      json: { code: 'hold.not-yours' },
    });
    expect((await first.send('DELETE', '/api/v1/hold')).status).toBe(200);
    await second.send('POST', '/api/v1/stop-all', stop);
    expect((await manager.send('DELETE', '/api/v1/hold')).status).toBe(200);
  });
});
