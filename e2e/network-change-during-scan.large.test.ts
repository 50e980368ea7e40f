import { setTimeout as delay } from 'node:timers/promises';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStatus } from '../packages/appliance/src/local/status.ts';
import { Tmux } from '../packages/appliance/src/testing/tmux.ts';
import { goDownTo, openNetworkSetup } from './harness/console-menu.ts';
import { goodNetwork } from './harness/error-ground.ts';
import { NetworkGround } from './harness/network-ground.ts';
import { lastAt, type Packet, PacketWatch } from './harness/packet-watch.ts';

const support = canUseNamespaces();
const { lan, wan } = goodNetwork;
const lanSettings = { ...lan, dns: ['10.11.0.1'], wins: [] };
const wanSettings = { ...wan, dns: ['10.22.0.1'] };
/** Two ranges of hosts in LAN, so that their scans can be told apart. */
const targets = { first: '10.11.0.64/28', second: '10.11.0.80/28' } as const;
const isFirst = ({ to }: Packet) => lastByte(to) < 80;
const isSecond = ({ to }: Packet) => lastByte(to) >= 80;
/** More than can be scanned while a test looks; one port of a hundred is open. */
const ports = '1-20000';
const listeners = `
  for (let port = 100; port <= 20000; port += 100)
    require('node:net').createServer((socket) => socket.on('error', () => {}).end('220 ready\\r\\n')).listen(port, '0.0.0.0');
  console.log('listening');`;

/** The appliance of an image with its real network helper and console. Told in chapters. */
describe.skipIf(!support.ok || !Tmux.present)('the network is changed at the console while a scan runs', () => {
  let ground: NetworkGround;
  let tty: Tmux;
  let networkId: number;

  beforeAll(async () => {
    ground = await NetworkGround.open('e2echg', 1);
    const { bench, deployment } = ground;
    await bench.lab.run('far', ['ip', 'route', 'add', 'local', '10.11.0.64/27', 'dev', 'lo']);
    await bench.lab.start('far', [process.execPath, '-e', listeners]).waitFor(/listening/);
    await bench.apply({ lan: lanSettings, wan: wanSettings });
    await bench.until(({ split, wan: now }) => split && now?.addresses.length === 1);
    await deployment.startPlatform();
    networkId = await deployment.network('Lan', '10.11.0.64/27');
    await deployment.enrol('office', [networkId]);
    tty = await ground.openConsole();
    await tty.sees('|office');
  }, 240_000);
  afterAll(async () => {
    await ground?.[Symbol.asyncDispose]();
  }, 60_000);

  it('DISABLE WAN INTERFACE, with WAN\u2019s cable cut: the scan ends with what was found on both sides of the cut', async () => {
    const { bench, deployment } = ground;
    await using wire = await watch();
    const id = await launch(targets.first);
    await deployment.untilScan(id, ({ openPorts }) => openPorts > 0);
    await bench.lab.setLink('box', 'wan0', 'down');
    // Found since, and only on the appliance's disk.
    await expect.poll(waiting, { timeout: 60_000, interval: 200 }).toBeGreaterThan(50);
    const before = await deployment.scan(id);
    expect(before).toMatchObject({ status: 'running', complete: null });

    await openNetworkSetup(tty, 'office');
    await goDownTo(tty, 'CHANGE WAN');
    await typed('Enter');
    await goDownTo(tty, 'DISABLE WAN');
    await typed('Enter');
    await tty.sees('|REALLY DISABLE');
    const canceledAt = await confirmAndCancel();
    await tty.sees('|10.11.0.7');
    await tty.sees('|office');

    const scan = await deployment.untilScan(id, ({ status }) => status === 'canceled', 60_000);
    await expect.poll(waiting, { timeout: 30_000, interval: 200 }).toBe(0);
    expectCanceled(scan);
    expect(scan.openPorts).toBeGreaterThan(before.openPorts);
    expect((await deployment.scan(id)).slices).toMatchObject({ pending: 0, leased: 0 });
    expectSilent(await wire.stop(), canceledAt);
  }, 240_000);

  it('another address: the scan ends, and the next one begins in the new network, not between', async () => {
    const { deployment } = ground;
    await using wire = await watch();
    const id = await launch(targets.first);
    await deployment.untilScan(id, ({ openPorts }) => openPorts > 0);
    const next = await launch(targets.second);

    await openNetworkSetup(tty, 'office');
    await goDownTo(tty, 'CHANGE STATIC IP');
    await typed('Enter', 'Enter');
    await tty.sees('|LAN IP ADDR');
    await typed(...'010011000008', 'Enter');
    for (const field of ['NETMASK', 'GATEWAY', 'DNS1', 'DNS2', 'WINS1', 'WINS2']) {
      await tty.sees(`|LAN ${field}`);
      await typed('Enter');
    }
    await tty.sees('|DOMAIN NAME');
    await typed('Enter');
    await tty.sees('|REALLY SET LAN');
    expect((await deployment.scan(next)).status).toBe('queued');
    const canceledAt = await confirmAndCancel();
    await tty.sees('|10.11.0.8');
    await tty.sees('|office');

    expectCanceled(await deployment.untilScan(id, ({ status }) => status === 'canceled', 60_000));
    await wire.until(200, isSecond);
    expect((await deployment.scan(next)).status).toBe('running');
    await deployment.client.post(`/api/v1/scans/${next}/cancel`, {}, z.unknown());
    const packets = await wire.stop();
    expectSilent(packets, canceledAt);
    const sources = (holds: (packet: Packet) => boolean) => [...new Set(packets.filter(holds).map(({ from }) => from))];
    expect([sources(isFirst), sources(isSecond)]).toEqual([['10.11.0.7'], ['10.11.0.8']]);
    expect(await deployment.untilEnded(next)).toMatchObject({
      status: 'canceled',
      statusReason: 'Canceled. What was found until then is kept.',
    });
  }, 240_000);

  function launch(range: string): Promise<number> {
    const request = { kind: 'scan', profile: 'normal', checks: false, networkId, targets: range, ports } as const;
    return ground.deployment.launch(request);
  }

  /** What comes in at the scanned hosts. */
  function watch(): Promise<PacketWatch> {
    return PacketWatch.start(ground.bench.lab, 'far', 'p0', 'dst net 10.11.0.64/27');
  }

  /** Events that the appliance has and the platform has not. */
  async function waiting(): Promise<number> {
    return (await readStatus(ground.deployment.applianceState))?.status.spool.events ?? 0;
  }

  async function typed(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      // A person's pause: the console takes LEFT and RIGHT at once for one key.
      await delay(120);
      await tty.press(key);
    }
  }

  /** ENTER on the prompt; gives the moment when the console no longer says that the scan is being cancelled. */
  async function confirmAndCancel(): Promise<number> {
    await tty.press('Enter');
    await tty.sees('|CANCELING THE', 10_000);
    expect(await tty.screen()).toContain('|ONGOING SCAN');
    await expect.poll(() => tty.screen(), { timeout: 20_000, interval: 50 }).not.toContain('CANCELING');
    return Date.now();
  }

  function expectSilent(packets: readonly Packet[], canceledAt: number): void {
    const first = packets.filter(isFirst);
    const earlyMs = Math.round(canceledAt - lastAt(first));
    process.stdout.write(`${first.length} packets; the last ${earlyMs} ms before the console had cancelled the scan\n`);
    expect(first.length).toBeGreaterThan(500);
    expect(lastAt(first)).toBeLessThanOrEqual(canceledAt);
  }
});

/** Cancelled by its console, with what was not tested, and why. */
function expectCanceled(scan: Awaited<ReturnType<NetworkGround['deployment']['scan']>>): void {
  expect(scan).toMatchObject({
    status: 'canceled',
    complete: false,
    statusReason: 'Canceled: the network of office was changed at its console. What was found until then is kept.',
    hostsUp: 16,
    slices: { pending: 0, leased: 0 },
  });
  expect(scan.progress).toBeGreaterThan(0);
  expect(scan.phases.find(({ phase }) => phase === 'ports')).toMatchObject({ pending: 0, running: 0, cancelled: 16 });
}

function lastByte(address: string): number {
  return Number(address.split('.')[3]);
}
