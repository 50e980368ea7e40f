import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { withPlatform } from '../testing/platform-under-test.ts';

describe.each(databaseKinds)('replacing an appliance on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('gives its place to the device that shows the code, and revokes the old one at once', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const old = await under.appliance(network, 'box');
      const path = `/api/v1/appliances/${old.applianceId}`;
      await under.api('PATCH', path, { pollIntervalSeconds: 120 });
      const scan = await under.api('POST', '/api/v1/scans', {
        kind: 'scan',
        networkId: network,
        targets: '10.0.0.7',
        ports: '80',
      });
      expect((await old.poll()).granted).toHaveLength(1);
      const next = under.device();
      const waiting = await next.hello();
      if (waiting.state !== 'waiting') throw new Error('a new device waits for its code');

      const wrong = await under.api('POST', `${path}/replace`, { by: 'code', code: '000000000000' });
      expect(wrong).toMatchObject({ status: 422, json: { code: 'appliance.code-unknown' } });
      expect((await old.poll()).leases).toBeDefined();

      const done = await under.api('POST', `${path}/replace`, { by: 'code', code: waiting.activationCode });
      expect(done).toMatchObject({
        status: 200,
        json: {
          appliance: {
            id: old.applianceId,
            name: 'box',
            state: 'active',
            pollIntervalSeconds: 120,
            networkIds: [network],
          },
          personalization: null,
        },
      });
      await expect(old.poll()).rejects.toThrow();
      await next.hello();
      expect(next.applianceId).toBe(old.applianceId);
      const [lease] = (await next.poll()).granted;
      expect(lease && next.openLease(lease)).toMatchObject({ scanId: scan.json.id, attempt: 2 });
    }),
  );

  it.skipIf(!canRun(kind))('waits for an instance with the new code, and takes no older one', () =>
    withPlatform(kind, async (under) => {
      const network = await under.network('10.0.0.0/24');
      const made = await under.api('POST', '/api/v1/appliances/provision', { name: 'virtual', networkIds: [network] });
      const path = `/api/v1/appliances/${made.json.appliance.id}`;
      const done = await under.api('POST', `${path}/replace`, { by: 'personalization' });
      const { code } = done.json.personalization;
      expect(code).toMatch(/^\d{14}$/);
      expect(done.json.appliance).toMatchObject({ state: 'provisioned', name: 'virtual', networkIds: [network] });
      const late = await under.device().personalize(made.json.personalizationCode);
      expect(late.status).toBe(403);
      expect((await under.device().personalize(code)).status).toBe(200);
      expect((await under.api('GET', path)).json).toMatchObject({ state: 'active', personalizationCode: null });
    }),
  );
});
