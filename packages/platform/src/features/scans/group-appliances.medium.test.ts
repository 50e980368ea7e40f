import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { withPlatform } from '../testing/platform-under-test.ts';

describe.each(databaseKinds)('the appliances of an asset group, %s', (kind) => {
  it.skipIf(!canRun(kind))('run a job when they serve its network, and are looked up at each launch', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const other = await under.network('192.168.0.0/24', 'Other');
      const inside = await under.appliance(network, 'inside');
      const outside = await under.appliance(network, 'outside');
      const elsewhere = await under.appliance(other, 'elsewhere');
      const group = async (name: string, applianceIds: readonly number[]) => {
        const { json } = await under.api('POST', '/api/v1/asset-groups', { name, applianceIds });
        return Number(json.id);
      };
      const site = await group('Site', [inside.applianceId, elsewhere.applianceId]);
      const empty = await group('Empty', [elsewhere.applianceId]);
      const request = { kind: 'map', networkId: network, targets: '10.0.0.0/29', applianceGroupIds: [site] };
      const plan = await under.api('POST', '/api/v1/plans', request);
      expect(plan.json.appliances.map((one: { name: string }) => one.name)).toEqual(['inside']);
      const named = await under.api('POST', '/api/v1/plans', { ...request, applianceIds: [outside.applianceId] });
      expect(named.json.appliances.map((one: { name: string }) => one.name).toSorted()).toEqual(['inside', 'outside']);

      expect((await under.api('POST', '/api/v1/scans', request)).status).toBe(201);
      expect((await outside.poll()).granted).toEqual([]);
      expect((await inside.poll()).granted).toHaveLength(1);

      await under.api('PUT', `/api/v1/asset-groups/${site}`, { name: 'Site', applianceIds: [outside.applianceId] });
      expect((await under.api('POST', '/api/v1/scans', request)).status).toBe(201);
      expect((await inside.poll()).granted).toEqual([]);
      expect((await outside.poll()).granted).toHaveLength(1);

      for (const [ids, message] of [
        [[empty], 'No appliance of the asset group Empty serves the network Test.'],
        [[999], 'There is no asset group 999.'],
      ] as const) {
        const refused = await under.api('POST', '/api/v1/scans', { ...request, applianceGroupIds: ids });
        expect(refused).toMatchObject({ status: 422, json: { errors: [{ field: 'applianceGroupIds', message }] } });
      }
    }),
  );
});
