import { describe, expect, it } from 'vitest';
import { withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';

describe.each(databaseKinds)('networks, %s', (kind) => {
  it.skipIf(!canRun(kind))('are made, changed, listed and deleted, with an entry in the audit log each', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const made = await manager.send('POST', '/api/v1/networks', {
        name: 'Office',
        ranges: '10.0.0.0/24',
        exclusions: '10.0.0.7',
      });
      expect(made).toMatchObject({
        status: 201,
        json: {
          ranges: ['10.0.0.0-10.0.0.255'],
          exclusions: ['10.0.0.7'],
          addresses: '255',
          authorization: null,
          assets: 0,
        },
      });
      const path = `/api/v1/networks/${made.json.id}`;
      const same = await manager.send('POST', '/api/v1/networks', { name: 'OFFICE', ranges: '10.0.0.0/24' });
      expect(same).toMatchObject({ status: 409, json: { code: 'network.name-taken', errors: [{ field: 'name' }] } });
      const overlapping = await manager.send('POST', '/api/v1/networks', { name: 'Site B', ranges: '10.0.0.0/16' });
      expect(overlapping.status).toBe(201);
      const changed = await manager.send('PUT', path, { name: 'Head office', ranges: 'fd00::/64' });
      expect(changed.json).toMatchObject({ name: 'Head office', addresses: '18446744073709551616', exclusions: [] });
      const first = await manager.send('GET', '/api/v1/networks?limit=2');
      expect([first.json.items.length, first.json.total]).toEqual([2, 3]);
      const second = await manager.send('GET', `/api/v1/networks?limit=2&cursor=${first.json.nextCursor}`);
      expect(second.json).toMatchObject({ items: [{ name: 'Site B' }], nextCursor: null });
      expect((await manager.send('DELETE', path)).status).toBe(204);
      expect(await manager.send('GET', path)).toMatchObject({ status: 404, json: { code: 'network.not-found' } });
      const audit = await manager.send('GET', '/api/v1/audit?limit=4');
      expect(audit.json.items.map((entry: { action: string }) => entry.action)).toEqual([
        'network.delete',
        'network.update',
        'network.create',
        'network.create',
      ]);
      expect(audit.json.items[1]).toMatchObject({
        subject: `network:${made.json.id}`,
        address: '127.0.0.1',
        detail: { name: 'Head office' },
      });
    }),
  );

  it.skipIf(!canRun(kind))('hold public addresses only with a Manager’s recorded word', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const request = { name: 'Web', ranges: '9.9.9.0/30, 10.0.0.1', applianceIds: [77] };
      const refused = await manager.send('POST', '/api/v1/networks', request);
      expect(refused).toMatchObject({ status: 400, json: { code: 'network.invalid' } });
      expect(refused.json.errors.map((fault: { field: string }) => fault.field)).toEqual([
        'authorization',
        'applianceIds',
      ]);
      expect(refused.json.errors[0].message).toContain('9.9.9.0-9.9.9.3');
      const authorization = 'Contract 12/2026 allows it.';
      const made = await manager.send('POST', '/api/v1/networks', { ...request, applianceIds: [], authorization });
      expect(made.json.authorization).toMatchObject({
        statement: authorization,
        by: expect.stringMatching(/^manager-/),
      });
    }),
  );

  it.skipIf(!canRun(kind))(
    'are not deleted under a job that has not ended, and take their results with them after it',
    () =>
      withTestPlatform(kind, async (running) => {
        const { database, subscriptionId } = running.platform.context;
        const manager = await running.signedIn('manager');
        const { json: network } = await manager.send('POST', '/api/v1/networks', {
          name: 'Lab',
          ranges: '10.1.0.0/24',
        });
        const own = { subscription_id: subscriptionId, network_id: network.id };
        const now = new Date();
        const scan = await database.db
          .insertInto('scan')
          .values({
            ...own,
            kind: 'scan',
            title: 'Weekly',
            status: 'paused',
            request: '{}',
            plan: '{}',
            created_by: 'x',
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        await database.db
          .insertInto('asset')
          .values({ ...own, address: '10.1.0.1', first_seen: now, last_seen: now })
          .execute();
        const refused = await manager.send('DELETE', `/api/v1/networks/${network.id}`);
        expect(refused).toMatchObject({ status: 409, json: { code: 'network.in-use' } });
        expect(refused.json.detail).toContain(`scan ${scan.id} "Weekly"`);
        await database.db.updateTable('scan').set({ status: 'finished' }).execute();
        expect((await manager.send('DELETE', `/api/v1/networks/${network.id}`)).status).toBe(204);
        expect((await manager.send('GET', '/api/v1/assets')).json.total).toBe(0);
      }),
  );
});
