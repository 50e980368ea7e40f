import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { provisionedAppliance } from '@picket/contracts/api/appliance';
import { timeWindow } from '@picket/contracts/api/time-window';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameTimes } from './capture/pcap-file.ts';
import { daemonProgram } from './harness/daemon.ts';
import { Deployment } from './harness/deployment.ts';
import type { Program } from './harness/process.ts';

const support = canUseNamespaces();
const platformAddress = '10.95.0.1';
/** Listeners that accept and say nothing: connections to them are open when the window ends. */
const silentPorts = { first: 7001, last: 7012 };
const listeners = `
  for (let port = ${silentPorts.first}; port <= ${silentPorts.last}; port += 1)
    require('node:net').createServer((socket) => socket.on('error', () => {}).resume()).listen(port, '10.96.0.20');
  console.log('listening');`;
const openCount = silentPorts.last - silentPorts.first + 1;
/** How long the wire is watched after the end. */
const watchMs = 20_000;
const minuteMs = 60_000;

describe.skipIf(!support.ok)('a window that ends while the platform is out of reach', () => {
  let network: NetworkLab;
  let deployment: Deployment;
  let folder: string;
  let machine: Program;
  let networkId: number;

  beforeAll(async () => {
    network = new NetworkLab('window');
    folder = await mkdtemp(join(tmpdir(), 'picket-window-'));
    await network.addBridge('mgmt');
    await network.addBridge('lan');
    for (const [name, address] of [
      ['platform', platformAddress],
      ['scanner', '10.95.0.2'],
    ] as const) {
      await network.addNamespace(name);
      await network.connect(name, 'mgmt', 'mgmt0', [`${address}/24`]);
    }
    await network.connect('scanner', 'lan', 'lan0', ['10.96.0.2/24']);
    await network.addNamespace('target');
    await network.connect('target', 'lan', 'lan0', ['10.96.0.10/24', '10.96.0.20/24']);
    await network.start('target', [process.execPath, '-e', listeners]).waitFor(/listening/);
    deployment = await Deployment.create({
      platform: { launch: launchIn('platform'), listen: platformAddress, port: 8443 },
      appliance: { launch: launchIn('scanner') },
    });
    await deployment.startPlatform();
    networkId = await deployment.network('Lan', '10.96.0.0/24');
    machine = await enrolled();
  }, 240_000);

  afterAll(async () => {
    await machine?.stop();
    await deployment?.[Symbol.asyncDispose]();
    await network?.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('sends nothing from the second second on, keeps what it found and gives the rest back', async () => {
    const now = Date.now();
    const endsAt = Math.ceil((now + 75_000) / minuteMs) * minuteMs;
    const windowIds = [await windowFrom(now - 60 * minuteMs, endsAt)];
    const common = { kind: 'scan' as const, networkId, profile: 'normal' as const, checks: false, windowIds };
    const wire = await watch();
    const ports = await deployment.launch({
      ...common,
      targets: '10.96.0.10',
      ports: '1-65535,U:1-1000',
      assumeAlive: true,
    });
    // So late that it talks to services when the window ends; a shorter rest of the window would not be begun.
    await delay(endsAt - 20_000 - Date.now());
    const services = await deployment.launch({
      ...common,
      targets: '10.96.0.20',
      ports: `${silentPorts.first}-${silentPorts.last}`,
      assumeAlive: true,
    });
    await delay(endsAt - 6000 - Date.now());
    await network.setLink('scanner', 'mgmt0', 'down');
    await delay(endsAt - 500 - Date.now());
    const { stdout } = await network.run('scanner', ['ss', '-Htn', 'state', 'established', 'dst', '10.96.0.20']);
    const open = stdout.split('\n').filter(Boolean).length;
    await delay(endsAt + watchMs - Date.now());
    const sent = await wire.stop();
    const seconds = Array.from({ length: 25 }, (_, index) => index - 5);
    const perSecond = seconds.map((second) => sent.filter((at) => Math.floor((at - endsAt) / 1000) === second).length);
    const last = Math.round((sent.at(-1) ?? 0) - endsAt);
    process.stdout.write(
      `packets a second from -5 s on: ${perSecond.join(' ')}; the last ${last} ms after the end, ${open} connections open before it\n`,
    );
    expect(open).toBeGreaterThan(0);
    expect(perSecond[3]).toBeGreaterThan(50);
    expect(perSecond.slice(6)).toEqual(Array.from({ length: 19 }, () => 0));

    await network.setLink('scanner', 'mgmt0', 'up');
    for (const id of [ports, services]) {
      const scan = await deployment.untilScan(id, ({ slices }) => slices.leased === 0, 120_000);
      expect(scan).toMatchObject({ status: 'queued', notEvaluable: [], slices: { pending: 1, done: 0 } });
      expect(scan.statusReason).toContain('Waiting for the window until');
    }
    expect((await deployment.scan(services)).openPorts).toBe(openCount);
  }, 400_000);

  /** Every day between two moments of the day, UTC. */
  async function windowFrom(from: number, to: number): Promise<number> {
    const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
    const weekly = [{ days: [1, 2, 3, 4, 5, 6, 7], from: clock(from), to: clock(to) }];
    const body = { name: 'Until soon', kind: 'allow', zone: 'UTC', weekly };
    return (await deployment.client.post('/api/v1/windows', body, timeWindow)).id;
  }

  function launchIn(namespace: string) {
    return (argv: readonly string[], env: Readonly<Record<string, string>>) => network.start(namespace, argv, { env });
  }

  async function enrolled(): Promise<Program> {
    const body = { name: 'scanner', networkIds: [networkId] };
    const made = await deployment.client.post('/api/v1/appliances/provision', body, provisionedAppliance);
    const options = [
      '--enrolment',
      made.enrolment,
      '--personalization-code',
      made.personalizationCode,
      '--workers',
      '2',
    ];
    const started = daemonProgram(launchIn('scanner'), join(deployment.folder, 'scanner'), options);
    await started.start(/"state":"ready"/, 120_000);
    await deployment.untilAppliance(made.appliance.id, (each) => each.online);
    return started;
  }

  /** All IPv4 that the appliance sends into the network of its targets, RST and FIN of closing sockets included; see `stop-all`. */
  async function watch(): Promise<{ stop(): Promise<readonly number[]> }> {
    const file = join(folder, 'end.pcap');
    const port = network.portOf('scanner', 'lan0');
    const options = ['-Q', 'in', '-n', '-U', '-s', '64', '-B', '65536', '-Z', 'root', '-w', file, 'ip'];
    const tcpdump = network.start(port.bridge, ['tcpdump', '-i', port.port, ...options]);
    await tcpdump.waitFor(/listening on/);
    return {
      stop: async () => {
        await tcpdump.stop('SIGINT');
        expect(/(\d+) packets? dropped by kernel/.exec(tcpdump.output())?.[1]).toBe('0');
        return [...frameTimes(await readFile(file))];
      },
    };
  }
});
