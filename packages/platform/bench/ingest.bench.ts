import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SpooledEvent } from '@picket/contracts/event';
import type { Lease } from '@picket/contracts/lease';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { hostUp, portsDone, servicesDone, sliceEnd, checksDone } from '../src/features/testing/events.ts';
import { withPlatform } from '../src/features/testing/platform-under-test.ts';
import { testServer } from '../src/storage/testing.ts';

/** Ingest over HTTPS of what a scan of so many hosts says, against a raw COPY of the same rows into the same database. */
const hosts = Number(process.env.PICKET_BENCH_HOSTS ?? 1000);
const portsPerHost = 5;
const batchEvents = 5000;
/** The promise of the product. */
const target = 5000;

await withPlatform('server', async (under) => {
  const network = await under.network('10.0.0.0/16');
  const box = await under.appliance(network);
  await under.api('POST', '/api/v1/scans', {
    kind: 'scan',
    networkId: network,
    targets: '10.0.0.0-10.0.15.255',
    ports: 'top100',
  });
  const [signed] = (await box.poll()).granted;
  if (!signed) throw new Error('no lease was granted');
  const lease = box.openLease(signed);
  const events = box.spool(lease, story(lease));
  const began = performance.now();
  for (let start = 0; start < events.length; start += batchEvents) {
    const answer = await box.upload(events.slice(start, start + batchEvents));
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.json));
  }
  const seconds = (performance.now() - began) / 1000;
  const { rows } = await under.platform.context.database.db
    .selectFrom('scan_fact')
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  const copySeconds = await rawCopy(events);
  const rate = Math.round(events.length / seconds);
  const copyRate = Math.round(events.length / copySeconds);
  const ratio = (seconds / copySeconds).toFixed(1);
  process.stdout.write(
    `ingest: ${events.length} events in ${seconds.toFixed(2)} s = ${rate} events/s (${rows} facts kept; target ${target})\n`,
  );
  process.stdout.write(
    `raw COPY of the same rows: ${copySeconds.toFixed(2)} s = ${copyRate} rows/s; ingest takes ${ratio} times as long\n`,
  );
  if (rate < target) process.exitCode = 1;
});
process.exit();

function story(lease: Lease): SpooledEvent['event'][] {
  const events: SpooledEvent['event'][] = [];
  const time = new Date().toISOString();
  for (let index = 0; index < hosts; index += 1) {
    const address = `10.0.${index >> 8}.${index & 255}`;
    events.push(...hostUp({ ...lease, blocks: [lease.blocks[index >> 8] ?? ''] }, address, time));
    for (let port = 80; port < 80 + portsPerHost; port += 1) {
      events.push(
        ...portsDone(address, time, port, 'open').slice(0, 1),
        ...servicesDone(address, time, port).slice(0, 1),
      );
      events.push(...checksDone(address, time, port, port % 2 === 0 ? 'found' : 'passed').slice(0, -1));
    }
    events.push(
      ...portsDone(address, time, 80, 'open').slice(1),
      ...servicesDone(address, time, 80).slice(1),
      ...checksDone(address, time, 80, 'passed').slice(-1),
    );
  }
  return [...events, sliceEnd(time)];
}

/** The same events as rows of one table with one key, by COPY: as fast as this PostgreSQL takes them. */
async function rawCopy(events: readonly SpooledEvent[]): Promise<number> {
  const server = await testServer();
  await server.administer('create database bench_copy');
  const client = new pg.Client({ connectionString: server.url('bench_copy') });
  await client.connect();
  await client.query('create table copied (seq bigint primary key, scan bigint, slice bigint, type text, event jsonb)');
  const lines = events.map((one) =>
    [one.seq, one.scan, one.slice, one.event.type, JSON.stringify(one.event).replaceAll('\\', '\\\\')].join('\t'),
  );
  const began = performance.now();
  await pipeline(Readable.from(lines.map((line) => `${line}\n`)), client.query(copyFrom('copy copied from stdin')));
  const seconds = (performance.now() - began) / 1000;
  const ended = once(client, 'end');
  await client.end();
  await ended;
  return seconds;
}
