import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { withPlatform } from '../testing/platform-under-test.ts';

describe.each(databaseKinds)('scans on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('the plan that is shown is the plan that is kept', () =>
    withPlatform(kind, async ({ api, network }) => {
      const networkId = await network('10.0.0.0/16');
      const body = {
        kind: 'scan',
        networkId,
        targets: '10.0.0.0/22',
        exclude: '10.0.1.0/24',
        ports: '22,80',
        rate: 100,
      };
      const preview = (await api('POST', '/api/v1/plans', body)).json;
      expect(preview).toMatchObject({
        addresses: '768',
        ports: 2,
        rate: 100,
        slices: 1,
        warnings: [expect.stringContaining('would wait')],
      });
      const launched = await api('POST', '/api/v1/scans', body);
      expect(launched).toMatchObject({
        status: 201,
        json: { status: 'queued', title: 'Scan of 10.0.0.0/22', progress: 0 },
      });
      const { appliances: _a, outlook: _o, warnings: _w, ...plan } = preview;
      expect((await api('GET', `/api/v1/scans/${launched.json.id}`)).json.plan).toEqual(plan);
      const blocks = (await api('GET', `/api/v1/scans/${launched.json.id}/ledger?kind=block`)).json;
      expect(blocks.items.map((row: { subject: string }) => row.subject)).toEqual([
        '10.0.0.0-10.0.0.255',
        '10.0.2.0-10.0.2.255',
        '10.0.3.0-10.0.3.255',
      ]);
    }),
  );

  it.skipIf(!canRun(kind))('every fault is named at once and nothing is started', () =>
    withPlatform(kind, async ({ api, network }) => {
      const networkId = await network('10.0.0.0/24');
      const bad = {
        kind: 'scan',
        networkId,
        targets: '10.0.0.0/33, 010.1.2.3, 0x7f.1, 10.0.0.9-10.0.0.1, no-such-host.invalid',
        ports: '99999',
      };
      const answer = await api('POST', '/api/v1/scans', bad);
      expect(answer).toMatchObject({ status: 422, json: { code: 'scan.request-invalid' } });
      expect(answer.json.errors.map((fault: { item: string }) => fault.item)).toEqual([
        '10.0.0.0/33',
        '010.1.2.3',
        '0x7f.1',
        '10.0.0.9-10.0.0.1',
        'no-such-host.invalid',
        '99999',
      ]);
      const outside = await api('POST', '/api/v1/scans', { kind: 'map', networkId, targets: '10.0.0.0/23' });
      expect(outside.json).toMatchObject({
        code: 'scan.target-not-registered',
        errors: [{ field: 'targets', item: '10.0.1.0-10.0.1.255' }],
      });
      const huge = await api('POST', '/api/v1/scans', { kind: 'map', networkId, targets: '2001:db8::/88' });
      expect(huge.json.errors).toMatchObject([{ message: expect.stringContaining('1099511627776 addresses') }]);
      expect(
        (await api('POST', '/api/v1/scans', { kind: 'map', networkId: 999, targets: '10.0.0.1' })).json.errors,
      ).toMatchObject([{ field: 'networkId' }]);
      expect(
        (await api('POST', '/api/v1/scans', { kind: 'map', networkId, targets: '10.0.0.1', profile: 'lab' })).status,
      ).toBe(400);
      expect((await api('GET', '/api/v1/scans')).json).toEqual({ items: [], nextCursor: null, total: 0 });
    }),
  );

  it.skipIf(!canRun(kind))('a /8 costs thousands of rows, and an ended job can be deleted', () =>
    withPlatform(kind, async ({ api, network, platform }) => {
      const networkId = await network('10.0.0.0/8');
      const { id } = (await api('POST', '/api/v1/scans', { kind: 'map', networkId, targets: '10.0.0.0/8' })).json;
      const { rows } = await platform.context.database.db
        .selectFrom('unit')
        .select(({ fn }) => fn.countAll<number>().as('rows'))
        .executeTakeFirstOrThrow();
      expect(rows).toBe(4096);
      const early = await api('DELETE', `/api/v1/scans/${id}`);
      expect(early).toMatchObject({
        status: 409,
        json: { detail: expect.stringContaining('Possible: pause, cancel') },
      });
      expect((await api('POST', `/api/v1/scans/${id}/pause`)).json.status).toBe('paused');
      expect((await api('POST', `/api/v1/scans/${id}/resume`)).json.status).toBe('queued');
      expect((await api('POST', `/api/v1/scans/${id}/cancel`)).json).toMatchObject({
        status: 'canceled',
        complete: false,
      });
      expect((await api('DELETE', `/api/v1/scans/${id}`)).status).toBe(204);
      expect((await api('GET', `/api/v1/scans/${id}`)).status).toBe(404);
    }),
  );
});
