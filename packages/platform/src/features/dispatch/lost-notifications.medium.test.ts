import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { canRun } from '../../storage/testing.ts';
import type { PlatformUnderTest } from '../testing/platform-under-test.ts';
import { type SecondReplica, withTwoReplicas } from '../testing/second-replica.ts';

/** Asked of a poll that is to be held; an answer that took less than half of it was given for a reason. */
const waitSeconds = 20;
const soonerMs = (waitSeconds * 1000) / 2;

/** An appliance of the second replica that holds a lease of all of `targets`. */
async function scanning(under: PlatformUnderTest, second: SecondReplica, targets: string) {
  const networkId = await under.network('10.0.0.0/16');
  const box = await under.appliance(networkId, 'box');
  box.origin = second.origin;
  const launched = await under.api('POST', '/api/v1/scans', { kind: 'scan', networkId, targets, ports: '80' });
  expect(launched.status).toBe(201);
  const [signed] = (await box.poll()).granted;
  if (!signed) throw new Error('no lease was granted');
  return { box, lease: box.openLease(signed) };
}

/** Ends the second replica's connection that listens, and resolves once it is gone. */
async function endListeners(under: PlatformUnderTest): Promise<void> {
  const { rows } = await sql<{ pid: number }>`
    select pid, pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and application_name = 'picket listener'`.execute(under.database.db);
  expect(rows.length).toBeGreaterThan(0);
}

const stop = { action: 'pause', reason: 'the core switch is failing' };

describe.skipIf(!canRun('server'))('a poll that is held while notifications are lost', () => {
  it('hears of Stop all once the replica reaches the database again', () =>
    withTwoReplicas(async (under, second) => {
      const { box, lease } = await scanning(under, second, '10.0.0.7');
      const named = { leases: [{ leaseId: lease.leaseId, state: 'running' as const }], capacity: 0 };
      const holding = second.holdsPoll();
      const held = box.poll({ waitSeconds, ...named });
      await holding;
      second.relay.cut();
      expect((await under.api('POST', '/api/v1/stop-all', stop)).status).toBe(200);
      const began = performance.now();
      second.relay.mend();
      expect((await held).leases).toMatchObject([{ leaseId: lease.leaseId, desired: 'pause' }]);
      expect(performance.now() - began).toBeLessThan(soonerMs);
    }));

  it('hears that a lease which it does not name was taken whole by an exclusion', () =>
    withTwoReplicas(async (under, second) => {
      const { box, lease } = await scanning(under, second, '10.0.0.7');
      const holding = second.holdsPoll();
      const held = box.poll({ waitSeconds, leases: [], capacity: 0 });
      await holding;
      await box.poll({ leases: [{ leaseId: lease.leaseId, state: 'running' }], capacity: 0, beside: true });
      second.relay.cut();
      const exclusion = { targets: '10.0.0.0/24', reason: 'a controller' };
      expect((await under.api('POST', '/api/v1/exclusions', exclusion)).status).toBe(201);
      const began = performance.now();
      second.relay.mend();
      await held;
      expect(performance.now() - began).toBeLessThan(soonerMs);
    }));

  it('hears of Stop all although the connection that listens cannot come back', () =>
    withTwoReplicas(async (under, second) => {
      const { box, lease } = await scanning(under, second, '10.0.0.7');
      const named = { leases: [{ leaseId: lease.leaseId, state: 'running' as const }], capacity: 0 };
      // A look that came before the stop may have answered it: then the next one is held, as an appliance does it.
      const pauses = async () => {
        while ((await box.poll({ waitSeconds, ...named })).leases[0]?.desired !== 'pause');
      };
      const holding = second.holdsPoll();
      const told = pauses();
      await holding;
      second.relay.refuseListeners();
      expect((await under.api('POST', '/api/v1/stop-all', stop)).status).toBe(200);
      const began = performance.now();
      await told;
      expect(performance.now() - began).toBeLessThan(soonerMs);
    }));

  it('is held on when nothing happened, and the next one is taken although the first found no database', () =>
    withTwoReplicas(async (under, second) => {
      const box = await under.appliance(await under.network('10.0.0.0/16'), 'box');
      box.origin = second.origin;
      second.relay.cut();
      expect((await box.rawPoll()).status).toBe(503);
      second.relay.mend();
      await box.poll();
      let answered = false;
      const holding = second.holdsPoll();
      const held = box.poll({ waitSeconds }).then((answer) => {
        answered = true;
        return answer;
      });
      await holding;
      const again = Promise.withResolvers<void>();
      await second.platform.context.database.listen('test', (payload) => payload === null && again.resolve());
      await endListeners(under);
      await again.promise;
      // A poll that was woken before this one was sent would have been answered before it is.
      await box.poll({ beside: true });
      expect(answered).toBe(false);
      await under.api('PATCH', `/api/v1/appliances/${box.applianceId}`, { name: 'renamed' });
      expect((await held).settings.name).toBe('renamed');
    }));
});
