import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { type TestClient, withTestPlatform } from '../../server/testing.ts';
import type { Database } from '../../storage/database.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';

const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
const start = Date.UTC(2026, 10, 21);

/** One asset with its service and detection; `number` decides all of it. */
async function insertHost(database: Database, subscription: number, network: number, number: number): Promise<void> {
  const own = { subscription_id: subscription };
  const seen = { first_seen: new Date(start + number), last_seen: new Date(start + (number % 7)) };
  const { id } = await database.db
    .insertInto('asset')
    .values({
      ...own,
      ...seen,
      network_id: network,
      address: number % 2 === 0 ? `10.0.${number >> 8}.${number & 255}` : `2001:db8::${number.toString(16)}`,
      name: number % 3 === 0 ? null : `Host-${number % 5}_x`,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await database.db
    .insertInto('service')
    .values({ ...own, ...seen, asset_id: id, protocol: 'tcp', port: 22 + (number % 3), state: 'open', service: 'ssh' })
    .execute();
  const rank = number % 5;
  await database.db
    .insertInto('detection')
    .values({
      ...own,
      ...seen,
      asset_id: id,
      check_id: `check-${number % 4}`,
      port: 22,
      protocol: 'tcp',
      name: `Check ${number % 4}`,
      severity: severities[rank] ?? 'info',
      severity_rank: rank + 1,
      proof: 'behaviour',
      status: number % 11 === 0 ? 'fixed' : 'active',
      evidence: JSON.stringify(
        number === 2 ? { matcher: 'm', trimmed: true } : { request: 'GET /', extracted: ['1.2'] },
      ),
      content_version: '20261121.1',
      last_tested: new Date(start),
    })
    .execute();
}

/** Reads a list to its end; `between` runs after each page. */
async function readAll(client: TestClient, path: string, between: (page: number) => Promise<void> = async () => {}) {
  const items: { id: number }[] = [];
  let cursor: string | null = null;
  let page = 0;
  do {
    const answer = await client.send(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=7${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    expect(answer.status).toBe(200);
    items.push(...answer.json.items);
    cursor = answer.json.nextCursor;
    await between(page++);
  } while (cursor !== null);
  return items;
}

describe.each(databaseKinds)('the inventory, %s', (kind) => {
  it.skipIf(!canRun(kind))('pages each list in each order without repeating or losing a row while others arrive', () =>
    withTestPlatform(kind, async (running) => {
      const { database, subscriptionId } = running.platform.context;
      const reader = await running.signedIn('reader');
      for (let number = 1; number <= 40; number++) await insertHost(database, subscriptionId, 1, number);
      let next = 41;
      const lists = [
        ...['address', 'name', 'lastSeen', 'risk'].map((sort) => `/api/v1/assets?sort=${sort}`),
        ...['severity', 'lastSeen', 'firstSeen'].map(
          (sort) => `/api/v1/detections?status=new,active,reopened,fixed&sort=${sort}`,
        ),
        '/api/v1/services',
      ];
      for (const list of lists) {
        const before = (await readAll(reader, list)).map((item) => item.id);
        expect(new Set(before).size).toBe(next - 1);
        const during = (
          await readAll(reader, list, async (page) => {
            if (page === 1) await insertHost(database, subscriptionId, 1, next++);
          })
        ).map((item) => item.id);
        expect(new Set(during).size).toBe(during.length);
        const old = new Set(before);
        expect([list, during.filter((id) => old.has(id))]).toEqual([list, before]);
      }
    }),
  );

  it.skipIf(!canRun(kind))('filters, sorts, counts, and shows a detection with its evidence', () =>
    withTestPlatform(kind, async (running) => {
      const { database, subscriptionId } = running.platform.context;
      const reader = await running.signedIn('reader');
      for (let number = 1; number <= 22; number++) await insertHost(database, subscriptionId, 1, number);
      const get = async (path: string) => (await reader.send('GET', path)).json;
      expect((await get('/api/v1/detections')).total).toBe(20);
      expect((await get('/api/v1/detections?status=fixed')).total).toBe(2);
      const worst = await get('/api/v1/detections?severity=critical,high');
      expect(worst.items.map((item: { severity: string }) => item.severity)).toEqual([
        ...Array(4).fill('critical'),
        ...Array(4).fill('high'),
      ]);
      expect((await get('/api/v1/detections?check=check-1')).total).toBe(6);
      expect(
        (await get('/api/v1/detections?q=10.0.0.2')).items.every((item: { address: string }) =>
          item.address.startsWith('10.0.0.2'),
        ),
      ).toBe(true);
      await sql`update check_info set info = jsonb_set(info::jsonb, '{cve}', '["CVE-2031-4242"]') where id = 'check-1'`.execute(
        database.db,
      );
      expect((await get('/api/v1/detections?q=cve-2031-4242')).total).toBe(6);
      const some = worst.items.slice(0, 2).map(({ id }: { id: number }) => id);
      const since = '2031-01-01T00:00:00.000Z';
      await database.db
        .updateTable('detection')
        .set({ not_evaluable: 'filtered', first_seen: new Date(since) })
        .where('id', 'in', some)
        .execute();
      const ids = async (query: string) =>
        (await get(`/api/v1/detections?${query}`)).items.map(({ id }: { id: number }) => id);
      expect(await ids('untested=true')).toEqual(some);
      expect(await ids(`firstSeenSince=${since}`)).toEqual(some);
      expect(await ids('firstSeenSince=2031-01-01T00:00:01.000Z')).toEqual([]);
      const wrong = await get('/api/v1/detections?severity=bad,high&status=gone');
      expect(wrong.errors.map((fault: { item: string }) => fault.item)).toEqual(['bad', 'gone']);
      const detail = await get(`/api/v1/detections/${worst.items[0].id}`);
      expect(detail).toMatchObject({
        evidence: { request: 'GET /', response: null, extracted: ['1.2'], trimmed: false },
        port: 22,
        contentVersion: '20261121.1',
      });
      const [first] = (await get('/api/v1/detections?q=10.0.0.2')).items.filter(
        ({ address }: { address: string }) => address === '10.0.0.2',
      );
      expect((await get(`/api/v1/detections/${first.id}`)).evidence).toMatchObject({ request: null, trimmed: true });
      expect(detail.checkInfo).toMatchObject({ id: detail.check, number: detail.checkNumber, name: detail.name });
      expect(detail.checkNumber).toBeGreaterThanOrEqual(1_000_000);
      expect((await get('/api/v1/assets?q=10.0.0.0/29')).total).toBe(3);
      expect((await get('/api/v1/assets?q=host-1_')).total).toBe(3);
      expect((await get('/api/v1/assets?q=%25')).total).toBe(0);
      const [risky] = (await get('/api/v1/assets?sort=risk&limit=1')).items;
      expect(risky.detections.critical).toBe(1);
      expect(await get(`/api/v1/assets/${risky.id}`)).toEqual(risky);
      expect((await get(`/api/v1/services?assetId=${risky.id}`)).items).toMatchObject([
        { assetId: risky.id, state: 'open', cpes: [] },
      ]);
      expect((await get('/api/v1/services?port=23')).total).toBe(8);
      expect(await get('/api/v1/assets?cursor=bm9uc2Vuc2U')).toMatchObject({
        status: 400,
        code: 'page.cursor-invalid',
      });
      const checks = await get('/api/v1/checks?q=check-1');
      expect(checks.items.find((item: { id: string }) => item.id === 'check-1').openDetections).toBe(6);
      const overview = await get('/api/v1/overview');
      expect(overview).toMatchObject({
        assets: 22,
        assetsNeverScanned: 22,
        services: 22,
        detections: { critical: 4, high: 4 },
      });
      expect(overview.worstAssets[0].detections.critical).toBe(1);
      expect(overview.topChecks[0].severity).toBe('critical');
      expect(await get('/api/v1/about')).toMatchObject({
        protocolLevel: 1,
        database: { kind },
        caSha256: running.platform.caSha256,
      });
    }),
  );
});
