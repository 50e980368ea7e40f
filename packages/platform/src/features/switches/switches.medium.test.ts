import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { withPlatform } from '../testing/platform-under-test.ts';

const vlan = { id: 20, name: 'Printers', ipv4: { method: 'dhcp' }, ipv6: { method: 'automatic' } };
const route = { destination: '10.30.0.0/16', gateway: '10.20.0.1', vlan: 20 };
const whole = { generation: 0, vlans: [vlan], routes: [route], ipv6: { method: 'automatic' } };

describe.each(databaseKinds)('features of a subscription on the %s database', (kind) => {
  it.skipIf(!canRun(kind))(
    'are on, and a document loses and regains on the appliance what is switched off and on',
    () =>
      withPlatform(kind, async (under) => {
        const box = await under.appliance(await under.network('10.0.0.0/24'));
        const path = `/api/v1/appliances/${box.applianceId}/scan-network`;
        const follows = async (generation: number) => {
          const given = (await box.poll({ scanNetwork: { generation: generation - 1, state: 'applied' } })).settings;
          expect(given.scanNetwork?.generation).toBe(generation);
          return given.scanNetwork;
        };
        expect((await under.api('GET', '/api/v1/features')).json).toEqual({
          vlans: true,
          ipv6: true,
          virtualAppliances: true,
          scanServices: true,
        });
        await under.api('PUT', path, whole);
        expect(await follows(1)).toEqual({ ...whole, generation: 1 });

        expect((await under.api('PATCH', '/api/v1/features', { ipv6: false })).json).toMatchObject({
          vlans: true,
          ipv6: false,
        });
        expect(await follows(2)).toEqual({
          generation: 2,
          vlans: [{ ...vlan, ipv6: null }],
          routes: [route],
          ipv6: null,
        });
        expect((await under.api('GET', path)).json).toMatchObject({ network: { vlans: [{ ipv6: null }], ipv6: null } });
        expect(await under.api('PUT', path, { ...whole, generation: 2 })).toMatchObject({
          status: 403,
          json: { code: 'feature.switched-off', errors: [{ field: 'vlans' }, { field: 'ipv6' }] },
        });

        const scan = {
          kind: 'map',
          networkId: await under.network('fd00:7::/120', 'six'),
          targets: 'fd00:7::1-fd00:7::9',
        };
        expect(await under.api('POST', '/api/v1/scans', scan)).toMatchObject({
          status: 422,
          json: { code: 'scan.family-off', errors: [{ field: 'targets', item: 'fd00:7::1-fd00:7::9' }] },
        });
        expect((await under.api('GET', '/api/v1/scans')).json.total).toBe(0);

        await under.api('PATCH', '/api/v1/features', { vlans: false });
        expect(await follows(3)).toEqual({ generation: 3, vlans: [], routes: [], ipv6: null });
        for (const method of ['GET', 'PUT'] as const) {
          const body = method === 'PUT' ? { generation: 3, vlans: [], routes: [], ipv6: null } : undefined;
          expect(await under.api(method, path, body)).toMatchObject({
            status: 403,
            json: { code: 'feature.switched-off' },
          });
        }
        // Nothing to change: no new document.
        await under.api('PATCH', '/api/v1/features', { vlans: false });
        expect(
          (await box.poll({ scanNetwork: { generation: 3, state: 'applied' } })).settings.scanNetwork,
        ).toBeUndefined();

        await under.api('PATCH', '/api/v1/features', { vlans: true, ipv6: true });
        expect((await under.api('POST', '/api/v1/scans', scan)).status).toBe(201);
        expect(await follows(4)).toEqual({ ...whole, generation: 4 });
        const actions = (await under.api('GET', '/api/v1/audit')).json.items.map(
          ({ action }: { action: string }) => action,
        );
        expect(actions.filter((action: string) => action === 'feature.switch')).toHaveLength(4);
      }),
  );

  it.skipIf(!canRun(kind))('keep what was set and can not be seen, when the rest of it is edited', () =>
    withPlatform(kind, async (under) => {
      const box = await under.appliance(await under.network('10.0.0.0/24'));
      const path = `/api/v1/appliances/${box.applianceId}/scan-network`;
      await under.api('PUT', path, whole);
      await under.api('PATCH', '/api/v1/features', { ipv6: false });
      const edited = { generation: 2, vlans: [{ ...vlan, name: 'Copiers', ipv6: null }], routes: [], ipv6: null };
      expect((await under.api('PUT', path, edited)).json.network).toEqual({ ...edited, generation: 3 });
      await under.api('PATCH', '/api/v1/features', { ipv6: true });
      expect((await under.api('GET', path)).json.network).toEqual({
        generation: 4,
        vlans: [{ ...vlan, name: 'Copiers' }],
        routes: [],
        ipv6: whole.ipv6,
      });
    }),
  );

  it.skipIf(!canRun(kind))('let appliances poll at their interval, ready all the same, without the scan services', () =>
    withPlatform(kind, async (under) => {
      const box = await under.appliance(await under.network('10.0.0.0/24'));
      const path = `/api/v1/appliances/${box.applianceId}`;
      expect((await box.poll()).settings.longPoll).toBe(true);
      expect((await under.api('GET', path)).json.scanServices).toBe('connected');
      await under.api('PATCH', '/api/v1/features', { scanServices: false });
      // Answered at once although it asks to be held.
      expect((await box.poll({ waitSeconds: 20, capacity: 0 })).settings.longPoll).toBe(false);
      expect((await under.api('GET', path)).json.scanServices).toBe('not-used');
    }),
  );

  it.skipIf(!canRun(kind))('wake a held poll when they are switched', () =>
    withPlatform(kind, async (under) => {
      const box = await under.appliance(await under.network('10.0.0.0/24'));
      const path = `/api/v1/appliances/${box.applianceId}`;
      await under.api('PUT', `${path}/scan-network`, whole);
      const held = box.poll({ waitSeconds: 20, capacity: 0, scanNetwork: { generation: 1, state: 'applied' } });
      while ((await under.api('GET', path)).json.connection !== 'long-poll');
      await under.api('PATCH', '/api/v1/features', { vlans: false });
      expect((await held).settings.scanNetwork).toMatchObject({ generation: 2, vlans: [] });
    }),
  );
});
