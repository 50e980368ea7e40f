import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { withPlatform } from '../testing/platform-under-test.ts';

const vlan = {
  id: 20,
  name: 'Printers',
  ipv4: { method: 'static', address: '10.20.0.9', prefixLength: 24 },
  ipv6: { method: 'automatic' },
};
const route = { destination: '10.30.0.0/16', gateway: '10.20.0.1', vlan: 20 };
const wanted = { generation: 0, vlans: [vlan], routes: [route], ipv6: null };

describe.each(databaseKinds)('the networks that an appliance scans, on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('reach it with its next poll, once, and show what became of them', () =>
    withPlatform(kind, async (under) => {
      const box = await under.appliance(await under.network('10.0.0.0/24'));
      const path = `/api/v1/appliances/${box.applianceId}/scan-network`;
      expect((await under.api('GET', path)).json).toMatchObject({
        state: 'none',
        network: { generation: 0, vlans: [] },
      });
      expect((await box.poll()).settings.scanNetwork).toBeUndefined();

      const saved = await under.api('PUT', path, wanted);
      expect(saved.json).toMatchObject({
        state: 'pending',
        network: { generation: 1, vlans: [vlan] },
        changedBy: expect.any(String),
      });
      expect((await box.poll()).settings.scanNetwork).toEqual({ ...wanted, generation: 1 });
      const rolledBack = { generation: 1, state: 'rolled-back', detail: 'no poll within 3 minutes' } as const;
      expect((await box.poll({ scanNetwork: rolledBack })).settings.scanNetwork).toBeUndefined();
      expect((await under.api('GET', path)).json).toMatchObject({ state: 'rolled-back', detail: rolledBack.detail });

      // Words on a document that was replaced since are old news.
      expect((await under.api('PUT', path, { ...wanted, generation: 1, vlans: [], routes: [] })).status).toBe(200);
      expect((await box.poll({ scanNetwork: rolledBack })).settings.scanNetwork).toMatchObject({ generation: 2 });
      expect((await under.api('GET', path)).json).toMatchObject({ state: 'pending', network: { generation: 2 } });
      await box.poll({ scanNetwork: { generation: 2, state: 'applied' } });
      expect((await under.api('GET', path)).json).toMatchObject({ state: 'applied', detail: null });
      const actions = (await under.api('GET', '/api/v1/audit')).json.items.map(
        ({ action }: { action: string }) => action,
      );
      expect(actions.filter((action: string) => action === 'appliance.scan-network')).toHaveLength(2);
    }),
  );

  it.skipIf(!canRun(kind))(
    'are refused as a whole when they are wrong, or were changed by somebody else meanwhile',
    () =>
      withPlatform(kind, async (under) => {
        const box = await under.appliance(await under.network('10.0.0.0/24'));
        const path = `/api/v1/appliances/${box.applianceId}/scan-network`;
        for (const bad of [
          { ...wanted, vlans: [vlan, vlan] },
          { ...wanted, vlans: [{ ...vlan, id: 4095 }] },
          { ...wanted, routes: [{ ...route, vlan: 21 }] },
          { ...wanted, routes: [{ ...route, destination: '10.30.0.1/16' }] },
        ])
          expect(await under.api('PUT', path, bad)).toMatchObject({ status: 400 });
        await under.api('PUT', path, wanted);
        expect(await under.api('PUT', path, wanted)).toMatchObject({
          status: 409,
          json: { code: 'appliance.scan-network-changed' },
        });
        expect((await under.api('GET', path)).json.network.generation).toBe(1);
        expect((await under.api('GET', '/api/v1/appliances/999/scan-network')).status).toBe(404);
      }),
  );

  it.skipIf(!canRun(kind))(
    'are not sent again while an appliance takes long to apply them, and show how far it is',
    () =>
      withPlatform(kind, async (under) => {
        const box = await under.appliance(await under.network('10.0.0.0/24'));
        const path = `/api/v1/appliances/${box.applianceId}/scan-network`;
        await under.api('PUT', path, wanted);
        expect((await box.poll()).settings.scanNetwork).toMatchObject({ generation: 1 });
        const applying = { generation: 1, message: '250 of 8188 steps are done' };
        expect((await box.poll({ applying })).settings.scanNetwork).toBeUndefined();
        expect((await under.api('GET', path)).json).toMatchObject({
          state: 'pending',
          detail: 'Still being applied: 250 of 8188 steps are done.',
          reportedAt: expect.any(String),
        });
        // A newer one is news all the same.
        await under.api('PUT', path, { ...wanted, generation: 1, routes: [] });
        expect((await box.poll({ applying })).settings.scanNetwork).toMatchObject({ generation: 2 });
        expect((await under.api('GET', path)).json).toMatchObject({ state: 'pending', detail: null });
      }),
  );

  it.skipIf(!canRun(kind))('may be as many as the standard has: 4,094 VLANs and routes', () =>
    withPlatform(kind, async (under) => {
      const box = await under.appliance(await under.network('10.0.0.0/24'));
      const path = `/api/v1/appliances/${box.applianceId}/scan-network`;
      const ids = Array.from({ length: 4094 }, (_, at) => at + 1);
      const third = (id: number) => `${Math.floor(id / 256)}.${id % 256}`;
      const vlans = ids.map((id) => ({
        id,
        name: `VLAN ${id}`,
        ipv4: { method: 'static', address: `10.${third(id)}.9`, prefixLength: 24 },
        ipv6: null,
      }));
      const routes = ids.map((id) => ({
        destination: `172.${16 + Math.floor(id / 256)}.${id % 256}.0/24`,
        gateway: `10.${third(id)}.1`,
        vlan: id,
      }));
      expect((await under.api('PUT', path, { ...wanted, vlans, routes })).status).toBe(200);
      expect((await box.poll()).settings.scanNetwork?.vlans).toHaveLength(4094);
    }),
  );
});
