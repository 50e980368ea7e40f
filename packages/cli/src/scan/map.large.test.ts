import { fileURLToPath } from 'node:url';
import { mapHost, mapSkeleton } from '@picket/contracts/map/map-result';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { describe, expect, test } from 'vitest';

const support = canUseNamespaces();
const bin = fileURLToPath(new URL('../../bin/picket.mjs', import.meta.url));

/** scanner (10.71.0.2) – gate (10.71.0.254, 10.71.1.1) – core (10.71.1.254, 10.71.2.1) – three hosts in 10.71.2.0/24. */
async function office(): Promise<NetworkLab> {
  const lab = new NetworkLab('map');
  const row = ['scanner', 'gate', 'core', 'hosts'];
  for (const name of row) await lab.addNamespace(name);
  const ends = [
    ['10.71.0.2/24', '10.71.0.254/24'],
    ['10.71.1.1/24', '10.71.1.254/24'],
    ['10.71.2.1/24', '10.71.2.10/24', '10.71.2.11/24', '10.71.2.12/24'],
  ];
  for (const [index, [near = '', ...far]] of ends.entries()) {
    await lab.addBridge(`net${index}`);
    await lab.connect(row[index] ?? '', `net${index}`, 'right', [near]);
    await lab.connect(row[index + 1] ?? '', `net${index}`, 'left', far);
  }
  const route = async (name: string, prefix: string, via: string) => {
    const done = await lab.run(name, ['ip', 'route', 'add', prefix, 'via', via]);
    if (done.code !== 0) throw new Error(done.stderr);
  };
  for (const router of ['gate', 'core']) {
    await lab.run(router, ['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv4.icmp_ratelimit=0']);
  }
  await route('scanner', '10.71.0.0/16', '10.71.0.254');
  await route('gate', 'default', '10.71.1.254');
  await route('core', '10.71.0.0/24', '10.71.1.1');
  await route('hosts', 'default', '10.71.2.1');
  // The first packets over a new bridge may get lost.
  await lab.run('scanner', ['ping', '-c1', '-w15', '10.71.2.10']);
  return lab;
}

describe.skipIf(!support.ok)(`picket map over routers${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('gives networks, gateways, hops and hosts as they really are', async () => {
    await using lab = await office();
    const targets = ['10.71.0.0/24', '10.71.2.0/28'];
    const argv = [process.execPath, bin, 'map', ...targets, '--profile', 'fast', '--json'];
    const run = await lab.run('scanner', argv, { timeoutMs: 90_000 });
    expect([run.code, run.stderr]).toEqual([0, '']);
    const line = run.stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text))
      .find((one) => one.type === 'map');
    const map = mapSkeleton.extend({ hosts: mapHost.array() }).parse(line);
    expect(map.networks.map(({ prefix, kind, via, hosts }) => [prefix, kind, via, hosts])).toEqual([
      ['10.71.0.0/24', 'link', null, 2],
      ['10.71.0.0/16', 'route', '10.71.0.254', 0],
      ['10.71.2.0/24', 'assumed', '10.71.1.254', 4],
    ]);
    expect(map.links.map(({ from, to, silent }) => [from, to, silent])).toEqual([
      [null, '10.71.0.254', 0],
      ['10.71.0.254', '10.71.1.254', 0],
    ]);
    const hosts = map.hosts.map(({ address, distance, roles }) => [address, distance, roles[0]?.role ?? null]);
    expect(hosts).toEqual([
      ['10.71.0.2', null, null],
      ['10.71.0.254', 1, 'router'],
      ['10.71.2.1', 2, null],
      ['10.71.2.10', 3, null],
      ['10.71.2.11', 3, null],
      ['10.71.2.12', 3, null],
    ]);
    const gate = map.hosts.find((host) => host.address === '10.71.0.254');
    expect(gate?.mac).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    expect(gate?.roles[0]?.evidence).toContain('is the gateway to 10.71.0.0/16');
  });
});
