import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { describe, expect, test } from 'vitest';
import { fullLease, NetworkBench } from './testing/network-bench.ts';

const support = canUseNamespaces();

const staticLan = {
  method: 'static' as const,
  address: '10.11.0.7',
  prefixLength: 24,
  gateway: '10.11.0.1',
  dns: ['10.11.0.53'],
  wins: ['10.11.0.5'],
  domain: 'corp.example',
};

describe.skipIf(!support.ok)(`the network helper on LAN${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('leases all that is asked for, renews, loses and finds its server, and goes to a static address and back', async () => {
    await using bench = await NetworkBench.open('ncdhcp');
    const server = await bench.dhcp('lansrv', fullLease);
    await bench.start();
    const leased = await bench.until(({ lan }) => lan.gateway !== null && lan.addresses.length === 1);
    expect(leased).toMatchObject({
      split: false,
      lan: { carrier: true, method: 'dhcp', gateway: '10.11.0.1', dns: ['10.11.0.53', '10.11.0.54'], trouble: [] },
      scan: { wins: ['10.11.0.5', '10.11.0.6'], search: ['corp.example', 'lab.example'] },
      failures: [],
    });
    expect(await bench.ip('box', 'route')).toContain('default via 10.11.0.1 dev lan0');
    expect(await readFile(join(bench.folder, 'run/resolv/scan.conf'), 'utf8')).toBe(
      'search corp.example lab.example\nnameserver 10.11.0.53\nnameserver 10.11.0.54\noptions timeout:2 attempts:2\n',
    );
    expect(await readFile(join(bench.folder, 'run/resolv/management.conf'), 'utf8')).not.toContain('search');

    // Idempotent: nothing is applied while nothing changes.
    const applied = () => bench.log().split('network.apply').length;
    const before = applied();
    await bench.facts();
    await bench.facts();
    expect(applied()).toBe(before);

    const acks = () => server.output().split('DHCPACK').length;
    const acksBefore = acks();
    await bench.ask({ type: 'renew', port: 'lan' });
    await expect.poll(acks, { timeout: 15_000 }).toBeGreaterThan(acksBefore);

    // A static address gives the lease back and leaves nothing of it.
    expect(await bench.apply({ lan: staticLan })).toMatchObject({ type: 'applied', problems: [] });
    await expect.poll(() => server.output(), { timeout: 10_000 }).toMatch(/DHCPRELEASE/);
    const fixed = await bench.facts();
    expect(fixed.lan).toMatchObject({ method: 'static', addresses: ['10.11.0.7/24'], lease: null, trouble: [] });
    expect(fixed.scan.wins).toEqual(['10.11.0.5']);
    expect(await bench.ip('box', '-4', 'addr', 'show', 'dev', 'lan0')).not.toContain('10.11.0.1');

    // Restored after a restart, without asking anybody.
    await bench.stop('SIGKILL');
    await bench.start();
    expect((await bench.until(({ lan }) => lan.addresses.length > 0)).lan.addresses).toEqual(['10.11.0.7/24']);

    // The reset is the factory default: DHCP again.
    await bench.ask({ type: 'reset' });
    await bench.until(({ lan }) => lan.method === 'dhcp' && lan.lease !== null && lan.addresses[0] !== '10.11.0.7/24');
  });

  test('says that no server answers, and takes the first lease that comes', async () => {
    await using bench = await NetworkBench.open('ncnone');
    await bench.start();
    const silent = await bench.until(({ lan }) => lan.trouble.length > 0);
    expect(silent.lan).toMatchObject({
      addresses: [],
      trouble: [{ code: 'no-dhcp-server', invalidConfiguration: false }],
    });
    await bench.dhcp('lansrv', fullLease);
    await bench.until(({ lan }) => lan.lease !== null && lan.trouble.length === 0, 40_000);
  });

  test('gives up a lease that the server refuses to renew (NAK), says so, and takes the next one', async () => {
    await using bench = await NetworkBench.open('ncnak');
    const first = await bench.dhcp('lansrv', fullLease);
    await bench.start();
    const { lan } = await bench.until((facts) => facts.lan.addresses[0]?.startsWith('10.11.0.1') === true);
    await first.stop();
    // The same server without its memory, and with one address, which is kept for another machine.
    const range = 'dhcp-range=10.11.0.200,10.11.0.200,255.255.255.0,2m';
    const refusing = await bench.dhcp('lansrv', [range, 'dhcp-host=02:00:00:00:00:99,10.11.0.200']);
    await bench.ask({ type: 'renew', port: 'lan' });
    const refused = await bench.until(
      (facts) => facts.lan.addresses.length === 0 && facts.lan.trouble.some(({ code }) => code === 'dhcp-refused'),
    );
    expect(refused.lan).toMatchObject({
      addresses: [],
      gateway: null,
      lease: null,
      trouble: [{ code: 'dhcp-refused' }],
    });
    expect(refused.lan.trouble[0]?.message).toMatch(/the DHCP server refused/);
    expect(refusing.output()).toMatch(`DHCPNAK(p0) ${lan.addresses[0]?.split('/')[0]}`);
    expect(bench.log()).toMatch(/network\.dhcp-refused.*"port":"lan"/);
    await refusing.stop();
    await bench.dhcp('lansrv', [range]);
    const moved = await bench.until((facts) => facts.lan.addresses.length > 0, 40_000);
    expect(moved.lan).toMatchObject({ addresses: ['10.11.0.200/24'], trouble: [] });
  });

  test('asks anew when the cable was out, and takes what another network gives', async () => {
    await using bench = await NetworkBench.open('nccable');
    const first = await bench.dhcp('lansrv', fullLease);
    await bench.start();
    await bench.until(({ lan }) => lan.addresses[0]?.startsWith('10.11.0.1') === true);
    await first.stop();
    await bench.lab.run('lansrv', ['ip', 'addr', 'add', '10.12.0.1/24', 'dev', 'p0']);
    await bench.lab.run('lansrv', ['ip', 'addr', 'del', '10.11.0.1/24', 'dev', 'p0']);
    await bench.dhcp('lansrv', [
      'dhcp-range=10.12.0.100,10.12.0.150,255.255.255.0,2m',
      'dhcp-option=option:router,10.12.0.1',
    ]);
    await bench.lab.setLink('box', 'lan0', 'down');
    expect((await bench.until(({ lan }) => !lan.carrier)).lan.up).toBe(true);
    await bench.lab.setLink('box', 'lan0', 'up');
    const moved = await bench.until(({ lan }) => lan.addresses[0]?.startsWith('10.12.0.') === true, 60_000);
    expect(moved.lan).toMatchObject({ gateway: '10.12.0.1' });
    expect(moved.lan.addresses).toHaveLength(1);
  });

  test('uses no address that another machine answers for, by DHCP or static', async () => {
    await using bench = await NetworkBench.open('ncarp');
    await bench.lab.addNamespace('thief');
    await bench.lab.connect('thief', 'lansw', 'eth0', ['10.11.0.100/24', '10.11.0.7/24']);
    await bench.dhcp('lansrv', ['dhcp-range=10.11.0.100,10.11.0.100,255.255.255.0,2m']);
    await bench.start();
    const declined = await bench.until(({ lan }) => lan.trouble.some(({ code }) => code === 'dhcp-refused'));
    expect(declined.lan.addresses).toEqual([]);
    await bench.apply({ lan: staticLan });
    const taken = await bench.facts();
    expect(taken.lan).toMatchObject({
      addresses: [],
      trouble: [{ code: 'address-in-use', invalidConfiguration: true }],
    });
  });

  test('is closed: a scan of every port finds none, from its own network', async () => {
    await using bench = await NetworkBench.open('ncshut');
    await bench.start();
    await bench.apply({ lan: staticLan });
    await bench.until(({ lan }) => lan.addresses.length > 0);
    const listener = bench.lab.start('box', ['socat', '-d', '-d', 'TCP4-LISTEN:8080,fork,reuseaddr', 'EXEC:echo open']);
    await listener.waitFor(/listening/);
    const scan = await bench.lab.run(
      'lansrv',
      ['nmap', '-n', '-Pn', '-sS', '-p', '1-65535', '--min-rate', '20000', '--max-retries', '0', '10.11.0.7'],
      { timeoutMs: 120_000 },
    );
    expect(scan.stdout).toMatch(/All 65535 scanned ports on 10\.11\.0\.7 are in ignored states|65535 filtered/);
    expect(scan.stdout).not.toMatch(/\/tcp +(open|closed)/);
    // UDP: 400 usual ports and one with a listener. The same scan the other way finds such a listener.
    for (const namespace of ['box', 'lansrv'])
      bench.lab.start(namespace, ['socat', 'UDP4-LISTEN:5353,fork,reuseaddr', 'EXEC:echo open']);
    const udp = ['nmap', '-n', '-Pn', '-sU', '--max-retries', '1', '--min-rate', '400'];
    const found = await bench.lab.run('box', [...udp, '-p', '5353', '10.11.0.1']);
    expect(found.stdout).toMatch(/5353\/udp +open /);
    const datagrams = await bench.lab.run('lansrv', [...udp, '-p', '1-400,5353', '10.11.0.7'], { timeoutMs: 60_000 });
    expect(datagrams.stdout).toMatch(/All 401 scanned ports on 10\.11\.0\.7 are in ignored states/);
    expect(datagrams.stdout).toMatch(/401 open\|filtered udp ports \(no-response\)/);
    const ping = await bench.lab.run('lansrv', ['busybox', 'ping', '-c', '1', '-W', '1', '10.11.0.7']);
    expect(ping.code).not.toBe(0);
    // While it reaches out itself.
    const out = await bench.lab.run('box', ['busybox', 'ping', '-c', '1', '-W', '3', '10.11.0.1']);
    expect(out.code).toBe(0);
  });

  test('tells the cable, the interface and a link mode that the driver refuses', async () => {
    await using bench = await NetworkBench.open('nclink');
    await bench.start();
    await bench.lab.setLink('box', 'lan0', 'down');
    await bench.until(({ lan }) => lan.up && !lan.carrier);
    await bench.lab.setLink('box', 'lan0', 'up');
    await bench.until(({ lan }) => lan.carrier);
    await bench.ask({ type: 'set-link', port: 'lan', mode: '100-full' });
    const refused = await bench.facts();
    expect(refused.lan.trouble.map(({ code }) => code)).toContain('link-mode-refused');
  });

  test('sets speed and duplex where the driver takes them, and keeps them over a restart', async () => {
    await using bench = await NetworkBench.open('ncspeed');
    // A tap interface takes any mode, as a network card does; it has a carrier while a program holds it.
    await bench.ip('box', 'link', 'delete', 'lan0');
    const tap = 'TUN,tun-name=lan0,tun-type=tap,iff-no-pi,iff-up';
    bench.lab.start('box', ['socat', tap, 'EXEC:sleep 600']);
    await expect.poll(() => bench.ip('box', 'link'), { timeout: 10_000 }).toMatch(/lan0/);
    await bench.start();
    for (const [mode, speed, duplex] of [
      ['100-half', 100, 'half'],
      ['1000-full', 1000, 'full'],
      ['10-full', 10, 'full'],
    ] as const) {
      expect(await bench.ask({ type: 'set-link', port: 'lan', mode })).toMatchObject({ type: 'applied' });
      expect((await bench.facts()).lan).toMatchObject({ carrier: true, speed, duplex });
      const told = (await bench.lab.run('box', ['ethtool', 'lan0'])).stdout;
      expect(told).toMatch(
        new RegExp(`Speed: ${speed}Mb/s[\\s\\S]*Duplex: ${duplex}[\\s\\S]*Auto-negotiation: off`, 'i'),
      );
    }
    await bench.stop('SIGKILL');
    await bench.lab.run('box', ['ethtool', '-s', 'lan0', 'speed', '100', 'duplex', 'half']);
    await bench.start();
    expect((await bench.until(({ lan }) => lan.speed === 10)).lan.trouble.map(({ code }) => code)).not.toContain(
      'link-mode-differs',
    );
  });
});
