import { fileURLToPath } from 'node:url';
import { type EngineEvent, engineEvent } from '@picket/contracts/event';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { describe, expect, test } from 'vitest';
import { ofType } from '../testing/run-on.ts';

const support = canUseNamespaces();
const mapProcess = fileURLToPath(new URL('../testing/map-process.ts', import.meta.url));

/**
 * scanner (10.70.0.2) – r1 – r2 – r3 – hosts (10.70.3.10 to .12), /24 between each two, the same in fd70:N::/64. The router nearer to
 * the scanner has .1 of a network, the farther one .254; the hosts' network has r3 as .1. `limited`: routers answer an asker once a second, as
 * Linux has it by default.
 */
async function rowOfRouters(limited = false): Promise<NetworkLab> {
  const lab = new NetworkLab('trace');
  const row = ['scanner', 'r1', 'r2', 'r3', 'hosts'];
  for (const name of row) await lab.addNamespace(name);
  for (const number of [0, 1, 2, 3]) {
    const [near = '', far = ''] = [row[number], row[number + 1]];
    await lab.addBridge(`net${number}`);
    const nearEnd = number === 0 ? 2 : 1;
    const farEnds = number === 3 ? Array.from({ length: 24 }, (_, index) => 10 + index) : [254];
    const both = (last: number) => [`10.70.${number}.${last}/24`, `fd70:${number}::${last}/64`];
    await lab.connect(near, `net${number}`, 'right', both(nearEnd));
    await lab.connect(far, `net${number}`, 'left', farEnds.flatMap(both));
  }
  const route = async (name: string, prefix: string, via: string) => {
    const done = await lab.run(name, ['ip', 'route', 'add', prefix, 'via', via]);
    if (done.code !== 0) throw new Error(done.stderr);
  };
  for (const [index, router] of ['r1', 'r2', 'r3'].entries()) {
    const quick = limited ? [] : ['net.ipv4.icmp_ratelimit=0', 'net.ipv6.icmp.ratelimit=0'];
    await lab.run(router, ['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1', ...quick]);
    if (index < 2) {
      await route(router, 'default', `10.70.${index + 1}.254`);
      await route(router, '::/0', `fd70:${index + 1}::254`);
    }
    if (index > 0) {
      await route(router, '10.70.0.0/24', `10.70.${index}.1`);
      await route(router, 'fd70:0::/64', `fd70:${index}::1`);
    }
  }
  await route('scanner', '10.70.0.0/16', '10.70.0.254');
  await route('scanner', 'fd70::/16', 'fd70:0::254');
  await route('hosts', 'default', '10.70.3.1');
  await route('hosts', '::/0', 'fd70:3::1');
  // The first packets over a new bridge may get lost.
  for (const far of ['10.70.3.10', 'fd70:3::10']) await lab.run('scanner', ['ping', '-c1', '-w15', far]);
  return lab;
}

async function map(lab: NetworkLab, targets: string): Promise<EngineEvent[]> {
  const result = await lab.run('scanner', [process.execPath, mapProcess, targets], { timeoutMs: 90_000 });
  if (result.code !== 0) throw new Error(result.stderr);
  return result.stdout
    .trim()
    .split('\n')
    .map((line) => engineEvent.parse(JSON.parse(line)));
}

const waysOf = (events: readonly EngineEvent[]) =>
  Object.fromEntries(
    ofType(events, 'route').map(({ address, hops, reached }) => [
      address,
      `${hops.map((hop) => hop.address ?? '*').join(' ')}${reached ? '' : ' …'}`,
    ]),
  );

describe.skipIf(!support.ok)(`ways over three routers${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('every router is told in order, in both families, and neighbours have none', async () => {
    await using lab = await rowOfRouters();
    const events = await map(lab, '10.70.3.10-10.70.3.12,10.70.0.254,fd70:3::10,10.70.2.254');
    const routers = '10.70.0.254 10.70.1.254 10.70.2.254';
    expect(waysOf(events)).toEqual({
      '10.70.0.254': '10.70.0.254',
      '10.70.2.254': routers,
      '10.70.3.10': `${routers} 10.70.3.10`,
      '10.70.3.11': `${routers} 10.70.3.11`,
      '10.70.3.12': `${routers} 10.70.3.12`,
      'fd70:3::10': 'fd70::254 fd70:1::254 fd70:2::254 fd70:3::10',
    });
    expect(
      ofType(events, 'network').map(({ prefix, gateway, source }) => `${prefix} ${gateway ?? 'on link'} ${source}`),
    ).toEqual(['10.70.0.0/24 on link interface', '10.70.0.0/16 10.70.0.254 route', 'fd70::/16 fd70::254 route']);
  });

  test('routers that answer once a second are told on the ways of all hosts behind them', async () => {
    await using lab = await rowOfRouters(true);
    const ways = Object.values(waysOf(await map(lab, '10.70.3.10-10.70.3.33')));
    expect(ways).toHaveLength(24);
    expect(ways.filter((way) => !way.startsWith('10.70.0.254 10.70.1.254 10.70.2.254 10.70.3.'))).toEqual([]);
  });

  test('the packets of a trace look alike to routers that spread load by flow', async () => {
    await using lab = await rowOfRouters();
    // What such routers look at, of the packets whose hop limit is that of a trace.
    const rules = `table inet look {
      set checksums { typeof icmp checksum; flags dynamic; }
      set ports { typeof tcp sport; flags dynamic; }
      chain in { type filter hook prerouting priority 0;
        ip ttl <= 8 ip daddr 10.70.3.10 icmp type echo-request counter add @checksums { icmp checksum }
        ip ttl <= 8 ip daddr 10.70.3.10 tcp flags syn counter add @ports { tcp sport }
      }
    }
    `;
    const ruled = await lab.run('r1', ['nft', '-f', '-'], { input: rules });
    expect(ruled.stderr).toBe('');
    expect(waysOf(await map(lab, '10.70.3.10'))['10.70.3.10']).toBe('10.70.0.254 10.70.1.254 10.70.2.254 10.70.3.10');
    const seen = (await lab.run('r1', ['nft', 'list', 'table', 'inet', 'look'])).stdout;
    const packets = [...seen.matchAll(/packets (\d+)/g)].reduce((sum, match) => sum + Number(match[1]), 0);
    const kinds = [...seen.matchAll(/elements = \{([^}]*)\}/g)].flatMap((match) => (match[1] ?? '').split(','));
    expect(packets).toBeGreaterThanOrEqual(4);
    expect(kinds).toHaveLength(1);
  });

  test('a router that stays silent is a gap', async () => {
    await using lab = await rowOfRouters();
    // r2 sends no time exceeded.
    const rules = `table inet quiet { chain out { type filter hook output priority 0;
      icmp type time-exceeded drop
      icmpv6 type time-exceeded drop
    }
    }
    `;
    const ruled = await lab.run('r2', ['nft', '-f', '-'], { input: rules });
    expect(ruled.stderr).toBe('');
    const events = await map(lab, '10.70.3.10,fd70:3::10');
    expect(waysOf(events)).toEqual({
      '10.70.3.10': '10.70.0.254 * 10.70.2.254 10.70.3.10',
      'fd70:3::10': 'fd70::254 * fd70:2::254 fd70:3::10',
    });
  });
});
