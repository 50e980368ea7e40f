import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type EngineEvent, engineEvent } from '@picket/contracts/event';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { describe, expect, test } from 'vitest';
import { ofType } from '../testing/run-on.ts';

const support = canUseNamespaces();
const missing = support.ok ? (existsSync('/usr/sbin/dnsmasq') ? '' : 'dnsmasq') : support.reason;
const mapProcess = fileURLToPath(new URL('../testing/map-process.ts', import.meta.url));

/**
 * A scanner and three hosts that have IPv6 only, at addresses that no sweep comes by: `chatty` answers everything, `shy` leaves echo
 * requests to groups alone, `mute` those and all that is wrong with a packet, but reports its groups.
 */
async function ipv6Link(): Promise<NetworkLab> {
  const lab = new NetworkLab('link-search');
  await lab.addBridge('net');
  const hosts = [
    ['scanner', 'fd63::2/64'],
    ['chatty', 'fd63::aaaa:bbbb:cccc:1/64'],
    ['shy', 'fd63::dead:beef:1:2/64'],
  ] as const;
  for (const [name, address] of hosts) {
    await lab.addNamespace(name);
    await lab.connect(name, 'net', 'eth0', [address]);
  }
  await lab.run('shy', ['sysctl', '-qw', 'net.ipv6.icmp.echo_ignore_multicast=1']);
  await lab.addNamespace('mute');
  await lab.connect('mute', 'net', 'eth0', []);
  await lab.run('mute', ['sysctl', '-qw', 'net.ipv6.icmp.echo_ignore_multicast=1']);
  const rules = `table inet mute { chain out { type filter hook output priority 0;
    icmpv6 type { parameter-problem, destination-unreachable } drop
  }
  }
  `;
  await lab.run('mute', ['nft', '-f', '-'], { input: rules });
  // Its global address has the interface identifier of the link-local one, as with stateless configuration.
  const own = await lab.run('mute', ['ip', '-6', '-o', 'addr', 'show', 'dev', 'eth0']);
  const identifier = /fe80::([0-9a-f:]+)\/64/.exec(own.stdout)?.[1] ?? '';
  await lab.run('mute', ['ip', 'addr', 'add', `fd63::${identifier}/64`, 'dev', 'eth0', 'nodad']);
  // Hosts answer from addresses whose uniqueness they have checked (RFC 4862 section 5.4).
  const settled = 'until [ -z "$(ip -6 addr show tentative)" ]; do sleep 0.05; done';
  for (const name of ['scanner', 'chatty', 'shy', 'mute']) await lab.run(name, ['sh', '-c', settled]);
  for (const far of ['fd63::aaaa:bbbb:cccc:1', 'fd63::dead:beef:1:2', `fd63::${identifier}`])
    await lab.run('scanner', ['ping', '-c1', '-w15', far]);
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

const upOf = (events: readonly EngineEvent[]) =>
  [...new Set(ofType(events, 'host').flatMap(({ address, state }) => (state === 'up' ? [address] : [])))].sort();

describe.skipIf(missing !== '')(`IPv6 hosts of a link${missing === '' ? '' : ` (${missing})`}`, () => {
  test('a /64 is searched by asking all at once: hosts in scope are found, others are told and left alone', async () => {
    await using lab = await ipv6Link();
    const events = await map(lab, 'fd63::/64');
    const up = upOf(events);
    expect(up).toEqual(expect.arrayContaining(['fd63::aaaa:bbbb:cccc:1', 'fd63::dead:beef:1:2']));
    // With the scanner itself; the fourth is the silent host, guessed from its reports.
    expect(up).toHaveLength(4);
    const chatty = ofType(events, 'host').find(({ address }) => address === 'fd63::aaaa:bbbb:cccc:1');
    expect(chatty?.macVendor).toBe('locally administered');
    const note = ofType(events, 'note').find(({ code }) => code === 'engine.seen-out-of-scope');
    expect(note?.message).toMatch(/^On eth0, \d+ IPv6 addresses were seen that are not targets .*fe80::/);
    const unit = ofType(events, 'unit').find(({ state }) => state === 'done');
    expect(unit?.counts?.['addresses']).toBeLessThan(20);
    const toAll = unit?.probes?.sent.find(({ kind }) => kind === 'icmpv6-multicast');
    expect(toAll?.sent).toBeGreaterThanOrEqual(8);
    expect(toAll?.sent).toBeLessThan(30);
    expect(unit?.probes?.sent.map(({ kind }) => kind)).toContain('ndp');
    expect(unit?.probes?.unsent).toContainEqual({ reason: 'too-wide' });
  });

  test('neighbours outside the targets are told of and get nothing but what all nodes get', async () => {
    await using lab = await ipv6Link();
    const counter = `table inet seen { chain in { type filter hook input priority -10;
      ip6 saddr fd63::2 ip6 daddr fd63::aaaa:bbbb:cccc:1 icmpv6 type != { nd-neighbor-solicit, nd-neighbor-advert } counter
    }
    }
    `;
    const ruled = await lab.run('chatty', ['nft', '-f', '-'], { input: counter });
    expect(ruled.stderr).toBe('');
    const events = await map(lab, 'fd63::ff00/120');
    expect(upOf(events)).toEqual([]);
    const note = ofType(events, 'note').find(({ code }) => code === 'engine.seen-out-of-scope');
    expect(note?.message).toContain('fd63::aaaa:bbbb:cccc:1');
    expect((await lab.run('chatty', ['nft', 'list', 'table', 'inet', 'seen'])).stdout).toContain('packets 0 ');
  });

  test('a router advertises itself: its prefixes and the way out are networks of the map', async () => {
    await using lab = await ipv6Link();
    await lab.run('chatty', ['sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1']);
    const ra = ['--enable-ra', '--dhcp-range=fd63::,ra-only,64', '--interface=eth0', '--bind-interfaces'];
    const router = lab.start('chatty', ['dnsmasq', '-d', '-C', '/dev/null', '--port=0', '--leasefile-ro', ...ra]);
    await router.waitFor(/router advertisement on fd63::/);
    const networks = ofType(await map(lab, 'fd63::/64'), 'network');
    expect(networks.map(({ prefix, gateway, source }) => `${prefix} ${gateway ? 'via' : 'on link'} ${source}`)).toEqual(
      expect.arrayContaining([
        'fd63::/64 on link interface',
        'fd63::/64 on link router-advertisement',
        '::/0 via router-advertisement',
      ]),
    );
    expect(networks.find(({ prefix, source }) => prefix === '::/0' && source !== 'route')?.gateway).toMatch(/^fe80::/);
  });
});
