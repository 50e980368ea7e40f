import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';

/** Hosts of 10.0.0.0/8 in one scan: each is up with two open ports, one service and one finding, with all its units done. */
async function fill({ platform }: PlatformUnderTest, scanId: number, shift: number, hosts: number): Promise<void> {
  const { database, subscriptionId } = platform.context;
  const given = sql`(select n, '10.0.0.0'::inet + (n * 4)::bigint as address from generate_series(1, ${hosts}::integer) as n) hosts`;
  const fact = (
    type: string,
    key: ReturnType<typeof sql>,
    port: ReturnType<typeof sql>,
    event: ReturnType<typeof sql>,
    of = sql`true`,
  ) => sql`
    insert into scan_fact (subscription_id, scan_id, key, slice_id, type, address, port, event, at)
    select ${subscriptionId}, ${scanId}, ${key}, 1, ${type}, address, ${port}, ${event}, now() from ${given} where ${of}`;
  const add = (query: ReturnType<typeof fact>) => query.execute(database.db);
  const none = sql`null::integer`;
  await add(
    fact(
      'host',
      sql`'host|' || host(address)`,
      none,
      sql`'{"type":"host","state":"up","reason":"syn-ack"}'::jsonb`,
      sql`n % 50 <> ${shift}`,
    ),
  );
  for (const port of [22, 443])
    await add(
      fact(
        'port',
        sql`'port|' || host(address) || ${`|tcp|${port}`}`,
        sql`${port}::integer`,
        sql`'{"protocol":"tcp","state":"open"}'::jsonb`,
        port === 22 ? sql`true` : sql`n % 20 <> ${shift}`,
      ),
    );
  const version = sql`jsonb_build_object('protocol', 'tcp', 'service', 'ssh', 'version', case when n % 25 = 0 then ${String(shift)} else '9' end)`;
  await add(fact('service', sql`'service|' || host(address)`, sql`22`, version));
  await add(
    fact(
      'finding',
      sql`'finding|' || host(address)`,
      sql`22`,
      sql`'{"protocol":"tcp","check":"weak","instance":"","name":"Weak","severity":"high"}'::jsonb`,
      sql`n % 10 <> ${shift}`,
    ),
  );
  await add(
    fact(
      'checked',
      sql`'checked|' || host(address)`,
      sql`22`,
      sql`'{"protocol":"tcp","passed":["weak"],"notEvaluable":[]}'::jsonb`,
      sql`n % 10 = ${shift}`,
    ),
  );
  for (const phase of ['ports', 'services', 'checks'])
    await sql`
      insert into unit (subscription_id, scan_id, phase, subject, slice_id, address, state, coverage)
      select ${subscriptionId}, ${scanId}, ${phase}, host(address), 1, address, 'done',
        case when ${phase} = 'ports' then '[{"protocol":"tcp","rest":"closed","closed":"","filtered":"","untested":""}]'::jsonb end
      from ${given}`.execute(database.db);
  await sql`update unit set state = 'done' where scan_id = ${scanId} and phase = 'discovery'`.execute(database.db);
  await sql`update scan set status = 'finished', complete = true, ended_at = now() where id = ${scanId}`.execute(
    database.db,
  );
  await sql`analyze scan_fact, unit`.execute(database.db);
}

describe.each(databaseKinds)('comparing large scans on the %s database', (kind) => {
  it.skipIf(!canRun(kind))(
    '100,000 hosts are compared in a time that grows with their number alone',
    { timeout: 900_000 },
    () =>
      withPlatform(kind, async (under) => {
        const networkId = await under.network('10.0.0.0/8');
        const body = { kind: 'scan', networkId, targets: '10.0.0.0/8', ports: '22,443' };
        const ids: number[] = [];
        const seconds: Record<string, number> = {};
        for (const [shift, hosts] of [
          [1, 20_000],
          [2, 20_000],
          [1, 100_000],
          [2, 100_000],
        ] as const) {
          const { id } = (await under.api('POST', '/api/v1/scans', body)).json;
          await fill(under, id, shift, hosts);
          ids.push(id);
        }
        const [smallBefore = 0, smallAfter = 0, before = 0, after = 0] = ids;
        const timed = async (name: string, path: string) => {
          const from = performance.now();
          const { json, status } = await under.api('GET', path);
          seconds[name] = (performance.now() - from) / 1000;
          expect(status).toBe(200);
          return json;
        };
        const found: Record<string, unknown> = {};
        for (const compared of ['host', 'port', 'service', 'finding']) {
          await timed(`${compared} 20,000`, `/api/v1/scans/${smallAfter}/compare/${smallBefore}?kind=${compared}`);
          const page = await timed(
            `${compared} 100,000`,
            `/api/v1/scans/${after}/compare/${before}?kind=${compared}&limit=500`,
          );
          found[compared] = page.counts;
          const again = `/api/v1/scans/${after}/compare/${before}?kind=${compared}&limit=500&cursor=${page.nextCursor}`;
          await timed(`${compared} next page`, again);
        }
        expect(found).toEqual({
          host: { new: 2000, gone: 2000 },
          // A fifth of these ports are of hosts that the other scan did not find.
          port: { opened: 4000, closed: 4000, 'not-tested': 1000, 'not-tested-before': 1000 },
          service: { changed: 4000 },
          finding: { new: 10_000, fixed: 10_000 },
        });
        const csv = await timed('csv', `/api/v1/scans/${after}/compare/${before}/export`);
        expect(csv.split('\r\n')).toHaveLength(1 + 38_000 + 1);
        process.stdout.write(
          `compare ${kind}: ${JSON.stringify(seconds, (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value))}\n`,
        );
        for (const compared of ['host', 'port', 'service', 'finding'])
          expect([
            compared,
            (seconds[`${compared} 100,000`] ?? 0) < 12 * (seconds[`${compared} 20,000`] ?? 0) + 2,
          ]).toEqual([compared, true]);
      }),
  );
});
