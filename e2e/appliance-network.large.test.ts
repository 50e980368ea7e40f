import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApplianceScanNetwork, applianceScanNetwork } from '@picket/contracts/api/scan-network';
import { emptyScanNetwork, type ScanNetwork } from '@picket/contracts/scan-network';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkDescription, type ScanPath } from '../packages/appliance/src/netconf/network-description.ts';
import { Tmux } from '../packages/appliance/src/testing/tmux.ts';
import { goDownTo, openNetworkSetup } from './harness/console-menu.ts';
import { far, NetworkGround, servedPort, winsServer } from './harness/network-ground.ts';
import { scanHosts } from './harness/scan-results.ts';

const support = canUseNamespaces();
/** The helper's minutes are this much shorter: what is not confirmed is taken back after 30 s, three polling intervals of a minute. */
const pace = 6;
const route = { destination: '10.33.0.0/24', gateway: far.router, vlan: null };
const ipv6 = { method: 'static', address: 'fd00:11::7', prefixLength: 64, gateway: null } as const;

/** One appliance's life in a network, told in chapters: each goes on where the one before ended. */
describe.skipIf(!support.ok || !Tmux.present)('an appliance whose network Picket manages', () => {
  let ground: NetworkGround;
  let tty: Tmux;
  let id: number;
  let networkId: number;

  beforeAll(async () => {
    ground = await NetworkGround.open('e2enet', pace);
    await ground.deployment.startPlatform();
    await writeFile(join(ground.deployment.folder, 'enrolment'), ground.deployment.enrolment);
  }, 120_000);
  afterAll(async () => {
    await ground?.[Symbol.asyncDispose]();
  }, 60_000);

  const path = () => `/api/v1/appliances/${id}/scan-network`;
  const shown = () => ground.deployment.client.get(path(), applianceScanNetwork);
  const set = (network: ScanNetwork) => ground.deployment.client.put(path(), network, applianceScanNetwork);

  async function untilShown(state: ApplianceScanNetwork['state'], deadlineMs: number): Promise<ApplianceScanNetwork> {
    const end = performance.now() + deadlineMs;
    for (;;) {
      const now = await shown();
      if (now.state === state) return now;
      if (performance.now() > end)
        throw new Error(`${JSON.stringify(now)}\n${ground.bench.log().slice(-2000)}\n${ground.deployment.tails()}`);
      await delay(200);
    }
  }

  async function typed(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      // A person's pause: the console takes LEFT and RIGHT at once for one key.
      await delay(120);
      await tty.press(key);
    }
  }

  async function ways(...targets: readonly string[]): Promise<(ScanPath | null)[]> {
    const answer = await ground.bench.ask({ type: 'describe', targets });
    if (answer.type !== 'description') throw new Error(JSON.stringify(answer));
    return networkDescription.parse(answer.network).paths.map((each) => each.path);
  }

  async function scanFar(targets: string): Promise<readonly string[]> {
    const { deployment } = ground;
    const request = { kind: 'scan', networkId, targets, ports: String(servedPort), checks: false } as const;
    const scan = await deployment.untilEnded(await deployment.launch({ ...request, profile: 'fast' }), 90_000);
    expect(scan).toMatchObject({ status: 'finished', complete: true });
    const found = await scanHosts(deployment.client, scan.id);
    return found.map((each) => each.address).toSorted();
  }

  it('says at the console that it has no address, takes a static one typed there, and shows its activation code', async () => {
    await ground.deployment.appliance.start(/"state":"network-error"/);
    tty = await ground.openConsole();
    await tty.sees('|NETWORK ERR 06');
    await tty.sees('|LAN no IPv4');
    await typed('Enter', 'Enter', 'Down', 'Down');
    await tty.sees('|ENABLE STATIC IP');
    await typed('Enter', 'Enter');
    for (const [field, value] of [
      ['LAN IP ADDR', '010011000007'],
      ['LAN NETMASK', ''],
      ['LAN GATEWAY', '010011000001'],
      ['LAN DNS1', '010011000001'],
      ['LAN DNS2', ''],
      ['LAN WINS1', ''],
      ['LAN WINS2', ''],
      ['DOMAIN NAME', ''],
    ] as const) {
      await tty.sees(`|${field}`);
      await typed(...value, 'Enter');
    }
    await tty.sees('|REALLY SET LAN');
    await typed('Enter');
    await tty.sees('|ACTIVATION CODE');
    expect(await ground.bench.facts()).toMatchObject({
      lan: { addresses: ['10.11.0.7/24'], gateway: '10.11.0.1', trouble: [] },
    });
    const code = /\|(\d[\d ]{9,})/.exec(await tty.screen())?.[1]?.trim() ?? '';
    networkId = await ground.deployment.network('Far', `10.33.0.0/24 10.11.0.0/24 fd00:11::/64`);
    const made = z.looseObject({ id: z.number() });
    const activation = { code, name: 'office', networkIds: [networkId] };
    id = (await ground.deployment.client.post('/api/v1/appliances/activate', activation, made)).id;
    await ground.deployment.untilAppliance(id, (each) => each.online && each.lanAddress === '10.11.0.7');
    await tty.sees('|office');
    await tty.sees('|10.11.0.7');
  });

  it('goes over to DHCP by the console, with its WINS server and resolver', async () => {
    await ground.bench.dhcp('lansrv', [
      'dhcp-range=10.11.0.100,10.11.0.150,255.255.255.0,5m',
      'dhcp-option=option:router,10.11.0.1',
      'dhcp-option=option:dns-server,10.11.0.1',
      `dhcp-option=option:netbios-ns,${winsServer}`,
    ]);
    await typed('Enter', 'Enter');
    await tty.sees('|ENABLE DHCP ON');
    await typed('Enter');
    await tty.sees('|REALLY ENABLE');
    await typed('Enter');
    await tty.sees('|10.11.0.1');
    const { lan, scan } = await ground.bench.until(({ lan: now }) => now.lease !== null && now.addresses.length === 1);
    await tty.sees(`|${lan.addresses[0]?.split('/')[0]}`);
    expect(scan).toEqual({ resolvers: ['10.11.0.1'], search: [], wins: [winsServer] });
    await tty.sees('|office');
  });

  it('shows at the console the name that the platform gives it at the next poll', async () => {
    const { client } = ground.deployment;
    const change = { name: 'branch', pollIntervalSeconds: 60 };
    await client.patch(`/api/v1/appliances/${id}`, change, z.looseObject({ name: z.literal('branch') }));
    await tty.sees('|branch');
  });

  it('brings a route and IPv6 of the platform into force at the next poll, and confirms them by the one after', async () => {
    expect(await ways(far.address, far.ipv6)).toMatchObject([{ gateway: '10.11.0.1' }, null]);
    expect((await set({ ...emptyScanNetwork, routes: [route], ipv6 })).state).toBe('pending');
    const { scanNetwork } = await ground.bench.until(
      ({ scanNetwork: now }) => now.generation === 1 && !now.unconfirmed,
    );
    expect(scanNetwork).toMatchObject({ routes: 1, refusedGeneration: null });
    expect(await untilShown('applied', 20_000)).toMatchObject({ network: { generation: 1 }, detail: null });
    expect(await ground.bench.ip('box', 'route', 'get', far.address)).toContain(`via ${far.router} dev lan0`);
    expect(await ground.bench.ip('box', '-6', 'addr', 'show', 'dev', 'lan0')).toContain('fd00:11::7/64');
  });

  it('scans each target by the interface, source address and resolver that it tells, and asks the WINS server of DHCP', async () => {
    // An IPv6 address serves once duplicate address detection is over (RFC 4862 section 5.4), a second or two after it was set.
    await ground.bench.until(({ lan }) => lan.addresses.includes('fd00:11::7/64'));
    const [way, way6] = await ways(far.address, far.ipv6);
    expect(way).toMatchObject({ device: 'lan0', gateway: far.router, resolvers: ['10.11.0.1'], wins: [winsServer] });
    expect(way6).toMatchObject({ device: 'lan0', source: 'fd00:11::7', gateway: null });
    const served = `tcp dport ${servedPort}`;
    await ground.count('far', {
      right: `ip saddr ${way?.source} ip daddr ${far.address} ${served}`,
      wrong: `ip saddr != ${way?.source} ip daddr ${far.address} ${served}`,
      right6: `ip6 saddr ${way6?.source} ip6 daddr ${far.ipv6} ${served}`,
      wrong6: `ip6 saddr != ${way6?.source} ip6 daddr ${far.ipv6} ${served}`,
      wins: `ip daddr ${winsServer} udp dport 137`,
    });
    await ground.count('lansrv', { astray: `ip daddr ${far.address}` });
    expect(await scanFar(`${far.address} ${far.ipv6} ${winsServer}`)).toEqual(
      [far.address, winsServer, far.ipv6].toSorted(),
    );
    const seen = async (name: string) => (await ground.counted('far', name)) > 0;
    expect([await seen('right'), await seen('wrong')]).toEqual([true, false]);
    expect([await seen('right6'), await seen('wrong6')]).toEqual([true, false]);
    expect(await ground.counted('lansrv', 'astray')).toBe(0);
    expect(await seen('wins')).toBe(true);
    // The machine's own resolver is the one in `far`.
    expect(ground.dns.lansrv.output()).toContain('query[PTR] 10.0.33.10.in-addr.arpa');
    expect(ground.dns.far.output()).not.toContain('query[');
  });

  it('takes back a route that cut it off from the platform, and both console and platform tell', async () => {
    const cut = { destination: '10.22.0.0/24', gateway: '10.11.0.9', vlan: null };
    await set({ ...emptyScanNetwork, generation: 1, routes: [route, cut], ipv6 });
    await ground.bench.until(({ scanNetwork }) => scanNetwork.generation === 2 && scanNetwork.unconfirmed);
    await tty.sees('|COMMUNICATION');
    expect((await shown()).state).toBe('pending');
    await ground.bench.until(({ scanNetwork }) => scanNetwork.generation === 1, 60_000);
    expect(await ground.bench.facts()).toMatchObject({ scanNetwork: { refusedGeneration: 2, routes: 1 } });
    expect(await untilShown('rolled-back', 60_000)).toMatchObject({ network: { generation: 2 } });
    await tty.sees('|branch');
  });

  it('under split network scans by LAN with LAN\u2019s resolver, and reaches the platform by WAN', async () => {
    await openNetworkSetup(tty, 'branch');
    await goDownTo(tty, 'ENABLE WAN');
    await typed('Enter', 'Down');
    await tty.sees('|ENABLE STATIC IP');
    await typed('Enter', 'Enter');
    for (const [field, value] of [
      ['WAN IP ADDR', '010022000007'],
      ['WAN NETMASK', ''],
      ['WAN GATEWAY', '010022000001'],
      ['WAN DNS1', '010022000001'],
      ['WAN DNS2', ''],
    ] as const) {
      await tty.sees(`|${field}`);
      await typed(...value, 'Enter');
    }
    await tty.sees('|REALLY SET WAN');
    await typed('Enter');
    await ground.bench.until(({ split, wan }) => split && wan?.addresses[0] === '10.22.0.7/24');
    // The running daemon goes after management by itself, and the console finds it again.
    await tty.sees('|branch');
    await ground.deployment.untilAppliance(id, (each) => each.online);
    const [way] = await ways(far.address);
    const asked = ground.dns.lansrv.output().length;
    await ground.count('wansrv', { astray: `ip saddr != 10.22.0.0/24` });
    await ground.bench.lab.run('far', ['nft', 'reset', 'counters']);
    await ground.deployment.untilAppliance(id, (each) => each.online);
    expect(await scanFar(far.address)).toEqual([far.address]);
    expect(way).toMatchObject({ device: 'lan0', gateway: far.router });
    expect(await ground.counted('far', 'right')).toBeGreaterThan(0);
    expect(await ground.counted('far', 'wrong')).toBe(0);
    expect(await ground.counted('wansrv', 'astray')).toBe(0);
    expect(ground.dns.lansrv.output().slice(asked)).toContain('query[PTR] 10.0.33.10.in-addr.arpa');
    expect(ground.dns.wansrv.output()).not.toContain('query[');
  });
});
