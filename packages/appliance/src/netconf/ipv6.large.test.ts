import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { describe, expect, test } from 'vitest';
import { NetworkBench } from './testing/network-bench.ts';

const support = canUseNamespaces();
const rdnss = 'RDNSS fd00:11::53 { }; DNSSL corp.example { };';

describe.skipIf(!support.ok)(`the network helper and IPv6${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('in IPv6-only mode takes prefix, router and name servers from advertisements, DHCPv6 where they ask for it, and a static address', async () => {
    await using bench = await NetworkBench.open('ncsix');
    const router = await bench.radvd('lansrv', [`prefix fd00:11::/64 { };`, rdnss]);
    await bench.start();
    await bench.apply({ ipMode: 'ipv6-only' });
    const automatic = await bench.until(
      ({ lan }) => lan.addresses.length > 0 && lan.dns.length > 0 && lan.gateway !== null,
    );
    expect(automatic.lan).toMatchObject({ family: 6, dns: ['fd00:11::53'], trouble: [] });
    expect(automatic.lan.addresses[0]).toMatch(/^fd00:11::.*\/64$/);
    expect(automatic.lan.gateway).toMatch(/^fe80::/);
    expect(await bench.ip('box', '-6', 'route')).toMatch(/default via fe80::.* dev lan0 proto ra/);
    expect(await bench.ip('box', '-4', 'addr', 'show', 'dev', 'lan0')).toBe('');
    expect(await readFile(join(bench.folder, 'run/resolv/scan.conf'), 'utf8')).toContain(
      'search corp.example\nnameserver fd00:11::53\n',
    );
    const reaches = await bench.lab.run('box', ['busybox', 'ping', '-6', '-c', '1', '-W', '3', 'fd00:11::1']);
    expect(reaches.code).toBe(0);
    // Closed for IPv6 too, while neighbours are answered.
    bench.lab.start('box', ['socat', 'TCP6-LISTEN:8080,fork,reuseaddr', 'EXEC:echo open']);
    const host = automatic.lan.addresses[0]?.split('/')[0] ?? '';
    const scan = await bench.lab.run(
      'lansrv',
      ['nmap', '-6', '-n', '-Pn', '-sS', '-p', '1-1024,8080', '--max-retries', '0', host],
      { timeoutMs: 60_000 },
    );
    expect(scan.stdout).not.toMatch(/\/tcp +(open|closed)/);

    await router.stop();
    await bench.radvd('lansrv', [
      'AdvManagedFlag on; AdvOtherConfigFlag on;',
      'prefix fd00:11::/64 { AdvAutonomous off; };',
    ]);
    await bench.dhcp('lansrv', [
      'dhcp-range=fd00:11::1000,fd00:11::1fff,64,2m',
      'dhcp-option=option6:dns-server,[fd00:11::54]',
    ]);
    await bench.ask({ type: 'renew', port: 'lan' });
    const stateful = await bench.until(
      ({ lan }) => lan.addresses.some((address) => /^fd00:11::1[0-9a-f]{3}\/128$/.test(address)),
      90_000,
    );
    expect(stateful.lan.dns).toContain('fd00:11::54');

    await bench.apply({
      ipMode: 'ipv6-only',
      lan: {
        method: 'static',
        address: 'fd00:11::7',
        prefixLength: 64,
        gateway: 'fd00:11::1',
        dns: ['fd00:11::53'],
        wins: [],
        domain: null,
      },
    });
    const fixed = await bench.until(({ lan }) => lan.addresses.includes('fd00:11::7/64'));
    expect(fixed.lan).toMatchObject({ addresses: ['fd00:11::7/64'], gateway: 'fd00:11::1', trouble: [] });

    // Back to IPv4: nothing of IPv6 is left, not even link-local.
    await bench.apply({});
    await expect.poll(() => bench.ip('box', '-6', 'addr', 'show', 'dev', 'lan0'), { timeout: 10_000 }).toBe('');
  });

  test('answers that a document is applied when its IPv6 addresses can be used, and names one that another machine has until that is gone', async () => {
    await using bench = await NetworkBench.open('ncdad');
    await bench.start();
    await bench.apply({
      lan: {
        method: 'static',
        address: '10.11.0.7',
        prefixLength: 24,
        gateway: '10.11.0.1',
        dns: ['10.11.0.53'],
        wins: [],
        domain: null,
      },
    });
    const offer = (generation: number, address: string) =>
      bench.ask({
        type: 'scan-network',
        confirmWithinSeconds: 600,
        document: {
          ...emptyScanNetwork,
          generation,
          ipv6: { method: 'static', address, prefixLength: 64, gateway: null },
        },
      });
    await offer(1, 'fd00:11::7');
    // Not polled: what is said to be applied can be used at once.
    const usable = await bench.lab.run('box', ['busybox', 'ping', '-6', '-c', '1', '-I', 'fd00:11::7', 'fd00:11::1']);
    expect(usable.code).toBe(0);
    expect((await bench.facts()).lan.addresses).toContain('fd00:11::7/64');

    // `lansrv` has this one.
    await offer(2, 'fd00:11::1');
    const taken = await bench.facts();
    expect(taken.failures).toEqual(['IPv6 for scanning: another machine on the network has the address fd00:11::1/64']);
    expect(taken.lan).toMatchObject({ addresses: ['10.11.0.7/24'], trouble: [] });
    expect(bench.log()).toContain('network.address-taken');
    await bench.lab.run('lansrv', ['ip', 'addr', 'del', 'fd00:11::1/64', 'dev', 'p0']);
    const mended = await bench.until(({ lan: now }) => now.addresses.includes('fd00:11::1/64'), 60_000);
    expect(mended.failures).toEqual([]);
  });

  test('scans by IPv6 on LAN as the platform says, while its own network stays IPv4', async () => {
    await using bench = await NetworkBench.open('ncscan6');
    await bench.start();
    await bench.apply({
      lan: {
        method: 'static',
        address: '10.11.0.7',
        prefixLength: 24,
        gateway: '10.11.0.1',
        dns: ['10.11.0.53'],
        wins: [],
        domain: null,
      },
    });
    expect(await bench.ip('box', '-6', 'addr', 'show', 'dev', 'lan0')).toBe('');
    const ipv6 = { method: 'static', address: 'fd00:11::7', prefixLength: 64, gateway: null };
    await bench.ask({
      type: 'scan-network',
      confirmWithinSeconds: 600,
      document: { ...emptyScanNetwork, generation: 1, ipv6 },
    });
    const both = await bench.until(({ lan }) => lan.addresses.includes('fd00:11::7/64'));
    expect(both).toMatchObject({
      lan: { family: 4, addresses: ['10.11.0.7/24', 'fd00:11::7/64'] },
      scanNetwork: { generation: 1, unconfirmed: true },
    });
    expect(await bench.ip('box', 'route', 'get', 'fd00:11::1')).toMatch(/src fd00:11::7/);
  });
});
