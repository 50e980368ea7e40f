import { countAddresses } from '@picket/base/range-set';
import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { describe, expect, it } from 'vitest';
import { blocksSet } from '../../jobs/stored-plan.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { sliceEnd } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';
import { facts, type ScriptedAppliance } from '../testing/scripted-appliance.ts';

const vlan = {
  id: 30,
  name: 'cameras',
  ipv4: { method: 'static', address: '10.0.3.9', prefixLength: 24 },
  ipv6: null,
} as const;
const route = { destination: '10.0.5.0/24', gateway: '10.0.3.1', vlan: 30 } as const;

interface Ground {
  readonly under: PlatformUnderTest;
  /** Without a VLAN or route. */
  readonly plain: ScriptedAppliance;
  readonly box: ScriptedAppliance;
}

/** Gives an appliance a VLAN and a route, which it says to have applied. */
async function wired(under: PlatformUnderTest, box: ScriptedAppliance): Promise<void> {
  const document = { ...emptyScanNetwork, vlans: [vlan], routes: [route] };
  const saved = await under.api('PUT', `/api/v1/appliances/${box.applianceId}/scan-network`, document);
  expect(saved).toMatchObject({ status: 200 });
  await box.poll({ capacity: 0, scanNetwork: { generation: saved.json.network.generation, state: 'applied' } });
}

/** Takes what it is given and ends it, until there is nothing more for it; gives the blocks. */
async function all(box: ScriptedAppliance, kind: 'virtual' | 'process' = 'virtual'): Promise<readonly string[]> {
  const blocks: string[] = [];
  for (;;) {
    const { granted } = await box.poll({ capacity: 1, facts: { ...facts, kind } });
    const [signed] = granted;
    if (!signed) return blocks;
    const lease = box.openLease(signed);
    blocks.push(...lease.blocks);
    expect((await box.upload(box.spool(lease, [sliceEnd(new Date().toISOString())]))).status).toBe(200);
  }
}

/** In the VLAN of the one that has it, or behind its route. */
const claimed = (block: string) => /^10\.0\.[35]\./.test(block);

describe.each(databaseKinds)('slices and who has a way to them, on the %s database', (kind) => {
  const ground = (test: (ground: Ground) => Promise<void>) =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/16');
      const plain = await under.appliance(network, 'plain');
      const box = await under.appliance(network, 'wired');
      await wired(under, box);
      await plain.poll({ capacity: 0 });
      const body = { kind: 'scan', networkId: network, targets: '10.0.2.0-10.0.5.255', ports: '80' };
      expect(await under.api('POST', '/api/v1/scans', body)).toMatchObject({ status: 201 });
      await test({ under, plain, box });
    });

  it.skipIf(!canRun(kind))('VLANs and routes of one appliance are scanned by it, first, and by no other', () =>
    ground(async ({ plain, box }) => {
      const [first] = (await box.poll({ capacity: 1 })).granted.map((signed) => box.openLease(signed));
      expect(first?.blocks.every(claimed)).toBe(true);
      const others = await all(plain);
      expect(others.length).toBeGreaterThan(0);
      expect(others.filter(claimed)).toEqual([]);
      if (first) await box.upload(box.spool(first, [sliceEnd(new Date().toISOString())]));
      const rest = [...(first?.blocks ?? []), ...(await all(box))];
      const texts = (some: readonly string[]) => countAddresses(blocksSet(some));
      expect(texts(rest.filter(claimed))).toBe(512n);
      expect(texts([...others, ...rest])).toBe(1024n);
    }),
  );

  it.skipIf(!canRun(kind))('are anybody’s once that appliance is away', () =>
    ground(async ({ under, plain }) => {
      expect((await all(plain)).filter(claimed)).toEqual([]);
      under.advance(91_000);
      expect(countAddresses(blocksSet(await all(plain)))).toBe(512n);
    }),
  );

  it.skipIf(!canRun(kind))('are anybody’s once that appliance serves the network no more', () =>
    ground(async ({ under, plain, box }) => {
      const path = `/api/v1/appliances/${box.applianceId}`;
      expect(await under.api('PATCH', path, { networkIds: [] })).toMatchObject({ status: 200 });
      expect(countAddresses(blocksSet(await all(plain)))).toBe(1024n);
    }),
  );

  it.skipIf(!canRun(kind))('are anybody’s where the machine may have ways that the platform does not know', () =>
    ground(async ({ plain }) => {
      expect(countAddresses(blocksSet(await all(plain, 'process')))).toBe(1024n);
    }),
  );
});
