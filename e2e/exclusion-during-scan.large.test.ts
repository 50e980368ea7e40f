import { join } from 'node:path';
import { provisionedAppliance } from '@picket/contracts/api/appliance';
import { exclusion } from '@picket/contracts/api/exclusion';
import { hostAccount } from '@picket/contracts/api/host-account';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import pg from 'pg';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  canRunPostgres,
  type PostgresServer,
  startPostgres,
} from '../packages/platform/src/storage/server/testing-postgres.ts';
import { daemonProgram } from './harness/daemon.ts';
import { Deployment } from './harness/deployment.ts';
import { lastAt, PacketWatch } from './harness/packet-watch.ts';
import type { Program } from './harness/process.ts';

const support = canUseNamespaces();
const platformAddress = '10.91.0.1';
const host = (last: number) => `10.92.4.${last}`;
const hosts = Array.from({ length: 16 }, (_, index) => host(index));
const excluded = host(5);
/** They greet, so that no service has to be asked for long. */
const openPorts = [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000];
const listeners = `
  for (const port of ${JSON.stringify(openPorts)})
    require('node:net').createServer((socket) => socket.on('error', () => {}).end('220 ready\\r\\n')).listen(port, '0.0.0.0');
  console.log('listening');`;
/** Far more than it takes, and half of the time that a held poll takes to end by itself. */
const heldPollHalfMs = 12_000;
const common = { kind: 'scan', profile: 'normal', checks: false } as const;

const logLine = z.looseObject({
  time: z.string(),
  event: z.string(),
  scan: z.number().optional(),
  lease: z.string().optional(),
  attempt: z.number().optional(),
});
type LogLine = z.infer<typeof logLine>;

describe.skipIf(!support.ok || !canRunPostgres())('an exclusion that is made while a scan runs', () => {
  let network: NetworkLab;
  let postgres: PostgresServer;
  let deployment: Deployment;
  let machine: Program;
  let networkId: number;

  beforeAll(async () => {
    postgres = await startPostgres();
    await postgres.administer('create database excluded');
    network = new NetworkLab('excl');
    for (const bridge of ['mgmt', 'lan']) await network.addBridge(bridge);
    for (const name of ['platform', 'scanner', 'target']) await network.addNamespace(name);
    await network.connect('platform', 'mgmt', 'mgmt0', [`${platformAddress}/24`]);
    await network.connect('scanner', 'mgmt', 'mgmt0', ['10.91.0.2/24']);
    await network.connect('scanner', 'lan', 'lan0', ['10.92.0.11/21']);
    await network.connect('target', 'lan', 'lan0', ['10.92.0.2/21']);
    // Every address of the range is the target's own.
    await network.run('target', ['ip', 'route', 'add', 'local', '10.92.4.0/24', 'dev', 'lo']);
    await network.start('target', [process.execPath, '-e', listeners]).waitFor(/listening/);
    deployment = await Deployment.create({
      platform: { launch: launchIn('platform'), listen: platformAddress, port: 8443 },
      appliance: { launch: launchIn('scanner') },
      databaseUrl: postgres.socketUrl('excluded'),
    });
    await deployment.startPlatform();
    networkId = await deployment.network('Lan', '10.92.4.0/24');
    machine = await enrolled();
  }, 240_000);

  afterAll(async () => {
    await machine?.stop();
    await deployment?.[Symbol.asyncDispose]();
    await network?.close();
    await postgres?.stop();
  }, 60_000);

  it('ends the packets to that host before the slice goes on without it, and the job ends complete', async () => {
    await using wire = await watch();
    const targets = `${hosts[0]}-${hosts.at(-1)}`;
    const id = await deployment.launch({ ...common, networkId, targets, ports: '1-1000' });
    await wire.until(100, ({ to }) => to === excluded);

    const orderedAt = Date.now();
    await exclude(excluded);
    const answeredMs = Date.now() - orderedAt;
    // Whatever of it comes in from now on is dropped.
    const known = await query(
      'select key, at from scan_fact where scan_id = $1 and address = $2 order by key',
      id,
      excluded,
    );
    const { lease } = await logged('lease.accepted', (line) => line.scan === id && line.attempt === 2);
    // It waits for the worker of the lease before.
    const goesOn = await logged('worker.started', (line) => line.lease === lease);
    const goesOnAt = Date.parse(goesOn.time);
    const scan = await deployment.untilEnded(id, 180_000);

    const packets = await wire.stop();
    const toExcluded = packets.filter(({ to }) => to === excluded);
    const [silentMs, againMs] = [lastAt(toExcluded) - orderedAt, goesOnAt - orderedAt].map(Math.round);
    process.stdout.write(
      `exclusion: answered in ${answeredMs} ms, last packet to the host after ${silentMs} ms, the slice goes on after ${againMs} ms\n`,
    );
    expect(lastAt(toExcluded)).toBeLessThan(goesOnAt);
    expect(silentMs).toBeLessThan(heldPollHalfMs);
    expect(packets.filter(({ at, to }) => at > goesOnAt && hosts.includes(to)).length).toBeGreaterThan(1000);

    expect(scan).toMatchObject({ status: 'finished', complete: true, notEvaluable: [] });
    expect(scan.statusReason).toContain('excluded after the launch were not scanned');
    expect(scan.notes.filter(({ code }) => code === 'exclusion-applied')).toMatchObject([
      { message: 'One address was excluded after the launch: not scanned from here on.' },
    ]);
    expect(
      await query('select key, at from scan_fact where scan_id = $1 and address = $2 order by key', id, excluded),
    ).toEqual(known);
    const path = `/api/v1/scans/${id}/hosts/${excluded}/account`;
    const account = await deployment.client.get(path, hostAccount);
    expect(account.because).toContain('An exclusion of the whole subscription takes it out');
    expect(account.because).toContain('It was taken out after the launch.');
    const of = 'from unit where scan_id = $1 and ($2 = host(address)) is';
    expect(await query(`select phase ${of} true and state <> 'done'`, id, excluded)).toEqual([]);
    const done = await query(
      `select distinct host(address) as host ${of} false and phase = 'ports' and state = 'done'`,
      id,
      excluded,
    );
    expect(done.map((row) => row.host).toSorted()).toEqual(hosts.filter((each) => each !== excluded).toSorted());
    const open = await query(
      `select host(address) as host, count(*)::int as open from scan_fact where scan_id = $1 and address <> $2 and type = 'port'
         and event ->> 'state' = 'open' group by 1 having count(*) <> ${openPorts.length}`,
      id,
      excluded,
    );
    expect(open).toEqual([]);
  }, 240_000);

  it('that leaves nothing ends the job at once, which says so, and the appliance goes on to the next', async () => {
    await using wire = await watch();
    const doomed = [16, 17, 18, 19].map(host);
    const id = await deployment.launch({ ...common, networkId, targets: `${host(16)}/30`, ports: '1-60000' });
    await wire.until(100, ({ to }) => doomed.includes(to));
    const orderedAt = Date.now();
    await exclude(`${host(16)}/30`);
    const scan = await deployment.scan(id);
    expect(scan).toMatchObject({
      status: 'finished',
      complete: false,
      slices: { pending: 0, leased: 0, cancelled: 1 },
    });
    expect(scan.statusReason).toBe('Nothing was scanned to the end: every address was excluded after the launch.');

    const stopped = await logged('worker.ended', (line) => line.scan === id);
    const next = await deployment.launch({ ...common, networkId, targets: host(20), ports: '100,200' });
    expect(await deployment.untilEnded(next)).toMatchObject({ status: 'finished', complete: true, openPorts: 2 });
    const packets = await wire.stop();
    const last = lastAt(packets.filter(({ to }) => doomed.includes(to)));
    process.stdout.write(`exclusion of all: last packet after ${Math.round(last - orderedAt)} ms\n`);
    expect(last).toBeLessThan(Date.parse(stopped.time));
    expect(last - orderedAt).toBeLessThan(heldPollHalfMs);
    // The appliance's word on its end came after the job's.
    const { status, complete, endedAt, statusReason } = await deployment.scan(id);
    expect({ status, complete, endedAt, statusReason }).toEqual({
      status: 'finished',
      complete: false,
      endedAt: scan.endedAt,
      statusReason: scan.statusReason,
    });
  }, 240_000);

  function launchIn(namespace: string) {
    return (argv: readonly string[], env: Readonly<Record<string, string>>) => network.start(namespace, argv, { env });
  }

  async function enrolled(): Promise<Program> {
    const body = { name: 'scanner', networkIds: [networkId] };
    const made = await deployment.client.post('/api/v1/appliances/provision', body, provisionedAppliance);
    const code = ['--enrolment', made.enrolment, '--personalization-code', made.personalizationCode];
    const started = daemonProgram(launchIn('scanner'), join(deployment.folder, 'scanner'), code);
    await started.start(/"state":"ready"/, 120_000);
    await deployment.untilAppliance(made.appliance.id, (each) => each.online);
    return started;
  }

  /** What the appliance sends to hosts of the scanned network, at the hosts. */
  function watch(): Promise<PacketWatch> {
    return PacketWatch.start(network, 'target', 'lan0', 'src host 10.92.0.11 and dst net 10.92.4.0/24');
  }

  async function exclude(targets: string): Promise<void> {
    await deployment.client.post('/api/v1/exclusions', { targets, reason: 'It stops when it is scanned' }, exclusion);
  }

  /** Waits for a line of the appliance's log. */
  async function logged(event: string, holds: (line: LogLine) => boolean): Promise<LogLine> {
    const find = () =>
      machine.log
        .split('\n')
        .filter((line) => line.includes(`"event":"${event}"`) && line.endsWith('}'))
        .map((line) => logLine.parse(JSON.parse(line)))
        .find(holds);
    await expect.poll(find, { timeout: 60_000, interval: 100 }).toBeDefined();
    const line = find();
    if (line === undefined) throw new Error(`the log has no ${event}`);
    return line;
  }

  /** Rows past the platform, from its database. */
  async function query(text: string, scanId: number, address: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: postgres.socketUrl('excluded') });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, [scanId, address])).rows;
    } finally {
      await client.end();
    }
  }
});
