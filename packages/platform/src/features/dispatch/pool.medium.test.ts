import { parseRange } from '@picket/base/ip';
import { countAddresses, rangeSet } from '@picket/base/range-set';
import type { Lease } from '@picket/contracts/lease';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { sliceEnd, wholeScan } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';
import type { ScriptedAppliance } from '../testing/scripted-appliance.ts';
import { sweep } from './sweeper.ts';

const now = () => new Date().toISOString();

async function launch(under: PlatformUnderTest, networkId: number, targets: string): Promise<number> {
  const answer = await under.api('POST', '/api/v1/scans', { kind: 'scan', networkId, targets, ports: '80' });
  expect(answer).toMatchObject({ status: 201 });
  return answer.json.id;
}

/** What one poll with free capacity is given. */
async function granted(box: ScriptedAppliance, capacity = 1): Promise<readonly Lease[]> {
  return (await box.poll({ capacity })).granted.map((signed) => box.openLease(signed));
}

async function oneLease(box: ScriptedAppliance): Promise<Lease> {
  const [lease] = await granted(box);
  if (!lease) throw new Error('no lease');
  return lease;
}

function setOf(blocks: readonly string[]) {
  const ranges = blocks.flatMap((text) => {
    const range = parseRange(text);
    return range.ok ? [range.value] : [];
  });
  return rangeSet(ranges);
}

const size = (lease: Lease) => Number(countAddresses(setOf(lease.blocks)));

describe.each(databaseKinds)('a pool of appliances on the %s database', (kind) => {
  it.skipIf(!canRun(kind))(
    'is given a range that one appliance would get whole in parts by speed, each address once, and what a dead one held goes on as it is',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const boxes = [];
        for (const name of ['one', 'two', 'three']) boxes.push(await under.appliance(network, name));
        const [one, two, three] = boxes;
        if (!one || !two || !three) throw new Error('three appliances');
        for (const box of boxes) await box.poll({ capacity: 0 });
        const id = await launch(under, network, '10.0.0.0/24');
        const lost = await oneLease(three);
        const first = await oneLease(one);
        const second = await oneLease(two);
        expect([size(lost), size(first)]).toEqual([22, 20]);
        const end = async (box: ScriptedAppliance, lease: Lease) =>
          expect((await box.upload(box.spool(lease, [sliceEnd(now())]))).status).toBe(200);

        under.advance(10_000);
        await end(one, first);
        const more = await oneLease(one);
        under.advance(80_000);
        await end(two, second);
        const slow = await oneLease(two);
        // The fast one had its second slice in a tenth of the time.
        expect(size(more)).toBeGreaterThan(size(first));
        expect(size(slow)).toBeLessThan(size(more));

        under.advance(599_000);
        for (const [box, lease] of [
          [one, more],
          [two, slow],
        ] as const)
          await box.poll({ leases: [{ leaseId: lease.leaseId, state: 'running' }], capacity: 0 });
        await sweep(under.platform.context);
        await end(one, more);
        const taken = await oneLease(one);
        expect(taken).toMatchObject({ sliceId: lost.sliceId, attempt: 2, blocks: lost.blocks });
        const rows = await under.platform.context.database.db
          .selectFrom('unit')
          .select('subject')
          .where('scan_id', '=', id)
          .where('phase', '=', 'discovery')
          .execute();
        const sizes = rows.map(({ subject }) => Number(countAddresses(setOf([subject]))));
        expect(sizes.reduce((sum, each) => sum + each, 0)).toBe(256);
        expect(setOf(rows.map(({ subject }) => subject))).toEqual(setOf(['10.0.0.0-10.0.0.255']));
      }),
  );

  it.skipIf(!canRun(kind))('two networks with the same addresses have slices, assets, findings and ledgers apart', () =>
    withPlatform(kind, async (under) => {
      const sites = [];
      for (const name of ['Site A', 'Site B']) {
        const network = await under.network('10.0.0.0/24', name);
        const box = await under.appliance(network, name.replace(' ', '_'));
        sites.push({ network, box, scan: await launch(under, network, '10.0.0.7') });
      }
      const [a, b] = sites;
      if (!a || !b) throw new Error('two sites');
      const leaseA = await granted(a.box, 8);
      const leaseB = await granted(b.box, 8);
      expect(leaseA.map(({ scanId, networkId }) => [scanId, networkId])).toEqual([[a.scan, a.network]]);
      expect(leaseB.map(({ scanId, networkId }) => [scanId, networkId])).toEqual([[b.scan, b.network]]);
      for (const [site, leases, result] of [
        [a, leaseA, 'found'],
        [b, leaseB, 'passed'],
      ] as const)
        for (const lease of leases) {
          const events = wholeScan(lease, '10.0.0.7', now(), result);
          expect((await site.box.upload(site.box.spool(lease, events))).status).toBe(200);
        }
      const items = async (path: string) => (await under.api('GET', `/api/v1/${path}`)).json.items;
      const assets = await items('assets');
      expect(assets.map((each: { networkId: number }) => each.networkId).toSorted()).toEqual([a.network, b.network]);
      expect(await items(`detections?scanId=${a.scan}`)).toHaveLength(1);
      expect(await items(`detections?scanId=${b.scan}`)).toHaveLength(0);
      for (const { scan } of sites)
        expect((await under.api('GET', `/api/v1/scans/${scan}`)).json).toMatchObject({ complete: true, hostsUp: 1 });
    }),
  );
});
