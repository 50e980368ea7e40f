import type { Lease, SignedLease } from '@picket/contracts/lease';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { sweep } from '../dispatch/sweeper.ts';
import { hostUp } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';
import type { ScriptedAppliance } from '../testing/scripted-appliance.ts';

const now = () => new Date().toISOString();
const noLease: SignedLease = { payload: '', signature: '', keyId: '' };
const detail = 'The network of the appliance was changed at its console.';
const leaseOver = 11 * 60_000;

async function launch(under: PlatformUnderTest, networkId: number, targets: string): Promise<number> {
  const answer = await under.api('POST', '/api/v1/scans', { kind: 'scan', networkId, targets, ports: '80' });
  expect(answer.status).toBe(201);
  return answer.json.id;
}

async function taken(box: ScriptedAppliance): Promise<Lease> {
  return box.openLease((await box.poll()).granted[0] ?? noLease);
}

const cancelled = () => ({ type: 'slice', time: now(), outcome: 'stopped', by: 'console', detail }) as const;

describe.each(databaseKinds)('a slice that ends because the network was changed at the console, %s', (kind) => {
  it.skipIf(!canRun(kind))('cancels its job with the slices that wait, keeps what was found and says why', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/16');
      const box = await under.appliance(network, 'office');
      const id = await launch(under, network, '10.0.0.0/16');
      const held = await taken(box);
      await box.upload(box.spool(held, [...hostUp(held, '10.0.0.7', now()), cancelled()]));
      const { json: scan } = await under.api('GET', `/api/v1/scans/${id}`);
      expect(scan).toMatchObject({
        status: 'canceled',
        complete: false,
        statusReason: 'Canceled: the network of office was changed at its console. What was found until then is kept.',
        hostsUp: 1,
        slices: { pending: 0, leased: 0, done: 0 },
      });
      const { json: ledger } = await under.api('GET', `/api/v1/scans/${id}/ledger`);
      expect(ledger.items[0].units).toContainEqual({ phase: 'ports', state: 'cancelled', reason: 'cancelled', detail });
      expect((await box.poll()).granted).toEqual([]);
    }),
  );

  it.skipIf(!canRun(kind))('has those who share the job stop', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/16');
      const box = await under.appliance(network, 'office');
      const other = await under.appliance(network, 'branch');
      for (const each of [box, other]) await each.poll({ capacity: 0 });
      const id = await launch(under, network, '10.0.0.0/16');
      const held = await taken(box);
      const shared = await taken(other);
      const waiting = other.poll({
        leases: [{ leaseId: shared.leaseId, state: 'running' }],
        capacity: 0,
        waitSeconds: 20,
      });
      await box.upload(box.spool(held, [cancelled()]));
      expect((await waiting).leases).toMatchObject([{ leaseId: shared.leaseId, desired: 'stop' }]);
      expect((await under.api('GET', `/api/v1/scans/${id}`)).json.status).toBe('canceling');
      await other.upload(other.spool(shared, [{ type: 'slice', time: now(), outcome: 'stopped' }]));
      expect((await under.api('GET', `/api/v1/scans/${id}`)).json).toMatchObject({
        status: 'canceled',
        statusReason: expect.stringContaining('office was changed at its console'),
      });
    }),
  );

  it.skipIf(!canRun(kind))(
    'counts when its lease was over before the platform heard of it, until another has the slice',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/16');
        const box = await under.appliance(network, 'office');
        const late = await launch(under, network, '10.0.0.0/28');
        const held = await taken(box);
        under.advance(leaseOver);
        await sweep(under.platform.context);
        await box.upload(box.spool(held, [cancelled()]));
        expect((await under.api('GET', `/api/v1/scans/${late}`)).json).toMatchObject({ status: 'canceled' });

        const goesOn = await launch(under, network, '10.0.1.0/28');
        const lost = await taken(box);
        under.advance(leaseOver);
        await sweep(under.platform.context);
        const other = await under.appliance(network, 'branch');
        const again = await taken(other);
        expect(again).toMatchObject({ sliceId: lost.sliceId, attempt: 2 });
        await box.upload(box.spool(lost, [cancelled()]));
        expect((await under.api('GET', `/api/v1/scans/${goesOn}`)).json).toMatchObject({ status: 'running' });
      }),
  );
});
