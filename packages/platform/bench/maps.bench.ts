import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sql } from 'kysely';
import { type PlatformUnderTest, withPlatform } from '../src/features/testing/platform-under-test.ts';

/** Reading a map of a whole /16, 65,536 hosts each with a name, an open port and a traced way, and comparing two of them. */
const hosts = Number(process.env.PICKET_BENCH_HOSTS ?? 65_536);
const kind = process.env.PICKET_BENCH_DATABASE === 'embedded' ? 'embedded' : 'server';

await withPlatform(kind, async (under) => {
  const network = await under.network('10.0.0.0/16');
  const [early, late] = [await makeMap(under, network, 0), await makeMap(under, network, 7)];
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const lines = [
    await timed(under, 'map, first reading', `/maps/${late}/result`),
    await timed(under, 'map, again', `/maps/${late}/result`),
    await timed(under, 'page of 500 hosts', `/maps/${late}/hosts?limit=500`),
    await timed(under, 'hosts of one role, searched', `/maps/${late}/hosts?role=web-server&q=host-65`),
    await timed(under, 'difference, the other map not yet read', `/maps/${late}/difference?to=${early}`),
    await timed(under, 'difference, again', `/maps/${late}/difference?to=${early}`),
  ];
  const read = (await under.api('GET', `/api/v1/maps/${early}/result`)).json.hosts;
  if (read !== hosts) throw new Error(`the map has ${read} hosts instead of ${hosts}`);
  const memory = Math.round(process.memoryUsage().rss / 1_048_576);
  process.stdout.write(`maps: ${hosts} hosts, ${kind} database\n${lines.join('\n')}\n`);
  process.stdout.write(
    `longest pause of the event loop ${Math.round(delay.max / 1e6)} ms; whole process ${memory} MB resident\n`,
  );
});
process.exit();

/** A finished map whose facts stand in the database as ingest would have left them; every so manieth host is missing. */
async function makeMap(under: PlatformUnderTest, networkId: number, missing: number): Promise<number> {
  const { db } = under.platform.context.database;
  const made = await under.api('POST', '/api/v1/scans', { kind: 'map', networkId, targets: '10.0.0.0/16' });
  const { id } = made.json;
  const unit = sql`jsonb_build_object('phase', 'discovery', 'subject', '10.0.0.0-10.0.255.255')`;
  const time = '2026-11-21T05:00:00.000Z';
  const common = sql`'unit', ${unit}, 'time', ${time}::text, 'address', host(a.address)`;
  const from = sql`generate_series(0, ${hosts - 1}) n, lateral (select '10.0.0.0'::inet + n as address) a
    join slice on slice.id = (select min(one.id) from slice one where one.scan_id = ${id})
    where ${missing} = 0 or n % greatest(${missing}, 1) <> 3`;
  const insert = (type: string, key: unknown, event: unknown) => sql`
    insert into scan_fact (subscription_id, scan_id, key, slice_id, type, address, event, at)
    select slice.subscription_id, slice.scan_id, ${key}, slice.id, ${type}::text, a.address, ${event}, ${time}::timestamptz from ${from}`;
  const names = sql`jsonb_build_array(jsonb_build_object('name', 'host-' || n || '.example', 'source', 'ptr'))`;
  const host = sql`jsonb_build_object('type', 'host', ${common}, 'state', 'up', 'reason', 'arp', 'mac', '02:00:00:00:00:01', 'names', ${names})`;
  const port = sql`jsonb_build_object('type', 'port', ${common}, 'protocol', 'tcp', 'port', 80, 'state', 'open', 'reason', 'syn-ack')`;
  const hops = sql`jsonb_build_array(jsonb_build_object('address', '192.0.2.1'), jsonb_build_object('address', '192.0.2.' || (2 + n / 4096)))`;
  const route = sql`jsonb_build_object('type', 'route', ${common}, 'hops', ${hops}, 'reached', true)`;
  await insert('host', sql`'host|' || host(a.address)`, host).execute(db);
  await insert('port', sql`'port|' || host(a.address) || '|tcp|80'`, port).execute(db);
  await insert('route', sql`'route|' || host(a.address)`, route).execute(db);
  await sql`update unit set state = 'done' where scan_id = ${id}`.execute(db);
  await sql`update scan set status = 'finished', complete = true, fact_revision = 1 where id = ${id}`.execute(db);
  return id;
}

async function timed(under: PlatformUnderTest, what: string, path: string): Promise<string> {
  const began = performance.now();
  const { status, json } = await under.api('GET', `/api/v1${path}`);
  if (status !== 200) throw new Error(JSON.stringify(json));
  const size = JSON.stringify(json).length;
  return `  ${what}: ${Math.round(performance.now() - began)} ms, ${Math.round(size / 1024)} KB`;
}
