import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { type RunningProcess, startProcess } from '@picket/testkit/running-process';
import { describe, expect, test } from 'vitest';
import { portError } from './port-error.ts';
import { fullLease, NetworkBench } from './testing/network-bench.ts';
import { scanByWorker } from './testing/scan-by-worker.ts';

const support = canUseNamespaces();
const starter = fileURLToPath(new URL('./adapters/start-in-space.ts', import.meta.url));

const staticLan = {
  method: 'static' as const,
  address: '10.11.0.7',
  prefixLength: 24,
  gateway: '10.11.0.1',
  dns: ['10.11.0.53'],
  wins: [],
  domain: 'corp.example',
};
const staticWan = {
  method: 'static' as const,
  address: '10.22.0.7',
  prefixLength: 24,
  gateway: '10.22.0.1',
  dns: ['10.22.0.53'],
};
const wanLease = ['dhcp-range=10.22.0.100,10.22.0.150,255.255.255.0,2m', 'dhcp-option=option:dns-server,10.22.0.53'];

function startIn(bench: NetworkBench, role: 'scan' | 'management', argv: readonly string[]): RunningProcess {
  return startProcess([process.execPath, starter, '--role', role, '--run', `${bench.folder}/run`, '--', ...argv]);
}

const bytesSent = async (bench: NetworkBench, server: string, from: string) =>
  Number(
    /packets (\d+)/.exec((await bench.lab.run(server, ['nft', 'list', 'counter', 'inet', 'watch', from])).stdout)?.[1],
  );

/** Counts in the kernel every packet from a network that reaches a server's port. */
async function watch(bench: NetworkBench, server: string, prefix: string): Promise<void> {
  const rules = `table inet watch {\ncounter stray { }\nchain seen { type filter hook prerouting priority raw;\n ip saddr ${prefix} counter name stray\n}\n}\n`;
  expect((await bench.lab.run(server, ['nft', '-f', '-'], { input: rules })).code).toBe(0);
}

/** A real machine of a Windows network (nmbd) in a namespace of the lab. */
async function samba(bench: NetworkBench, host: string, name: string, option: string) {
  const folder = join(bench.folder, host);
  await mkdir(folder);
  const folders = [
    'private dir',
    'lock directory',
    'state directory',
    'cache directory',
    'pid directory',
    'ncalrpc dir',
  ];
  const lines = [
    '[global]',
    `netbios name = ${name}`,
    'workgroup = CORP',
    'server role = standalone server',
    'interfaces = p0',
    'bind interfaces only = yes',
    ...folders.map((key) => `${key} = ${folder}`),
    option,
    '',
  ];
  await writeFile(join(folder, 'smb.conf'), lines.join('\n'));
  const words = ['-F', '--no-process-group', '-d3', '--debug-stdout', '-s', join(folder, 'smb.conf')];
  const nmbd = bench.lab.start(host, ['nmbd', ...words]);
  await nmbd.waitFor(/started|Added name|queue_query_name/);
  return nmbd;
}

/** What a map of both machines by a real worker names them after the WINS server. */
async function winsNames(bench: NetworkBench): Promise<string[]> {
  const blocks = ['10.11.0.1', '10.11.0.20'];
  const events = await scanByWorker(join(bench.folder, 'run'), {
    kind: 'map',
    phases: ['discovery'],
    blocks,
    assumeAlive: false,
  });
  const told = events.flatMap((event) =>
    event.type === 'host'
      ? (event.names ?? []).flatMap(({ name, source }) => (source === 'wins' ? `${event.address} ${name}` : []))
      : [],
  );
  return [...new Set(told)].sort();
}

describe.skipIf(!support.ok)(`split network${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('keeps management on WAN and scanning on LAN: real programs in each see their own network, resolver and nothing of the other', async () => {
    await using bench = await NetworkBench.open('ncsplit');
    await watch(bench, 'lansrv', '10.22.0.0/24');
    await watch(bench, 'wansrv', '10.11.0.0/24');
    await bench.dhcp('wansrv', wanLease);
    await bench.start();
    await bench.apply({ lan: staticLan });
    expect(await bench.apply({ lan: staticLan, wan: { method: 'dhcp' } })).toMatchObject({ type: 'applied' });
    const facts = await bench.until(({ wan }) => (wan?.lease ?? null) !== null && wan?.addresses.length === 1);
    expect(facts).toMatchObject({
      split: true,
      lan: { addresses: ['10.11.0.7/24'] },
      wan: { dns: ['10.22.0.53'], trouble: [] },
    });

    const see =
      'cat /etc/resolv.conf; ip -4 -o addr; ip route; readlink /proc/self/ns/net; busybox ping -c 1 -W 1 "$1"; busybox ping -c 1 -W 1 "$2"; true';
    const look = async (role: 'scan' | 'management', own: string, other: string) => {
      const program = startIn(bench, role, ['sh', '-c', see, 'sh', own, other]);
      expect(await program.exited).toBe(0);
      return program.output();
    };
    const management = await look('management', '10.22.0.1', '10.11.0.1');
    expect(management).toMatch(/nameserver 10\.22\.0\.53/);
    expect(management.split('PING')[0]).not.toMatch(/10\.11\.|search/);
    expect(management).toMatch(/1 packets received[\s\S]*0 packets received/);
    const scan = await look('scan', '10.11.0.1', '10.22.0.1');
    expect(scan).toMatch(/search corp\.example\nnameserver 10\.11\.0\.53/);
    expect(scan.split('PING')[0]).not.toMatch(/10\.22\./);
    expect(scan).toMatch(/1 packets received[\s\S]*0 packets received/);
    expect(/net:\[\d+\]/.exec(scan)?.[0]).not.toBe(/net:\[\d+\]/.exec(management)?.[0]);
    expect(await bytesSent(bench, 'lansrv', 'stray')).toBe(0);
    expect(await bytesSent(bench, 'wansrv', 'stray')).toBe(0);

    // Nothing is routed between the two, and nothing but the local loopback joins them.
    for (const namespace of ['box', 'mgmt']) {
      const links = await bench.ip(namespace, '-o', 'link');
      expect(links.trim().split('\n')).toHaveLength(2);
      expect((await bench.lab.run(namespace, ['cat', '/proc/sys/net/ipv4/ip_forward'])).stdout.trim()).toBe('0');
    }
    // A program that stays is where it was put, and ends by its own process id.
    const daemon = startIn(bench, 'management', ['sleep', '600']);
    const worker = startIn(bench, 'scan', ['sleep', '600']);
    const named = (name: string) => readlinkSync(`/proc/${name}/ns/net`);
    await expect.poll(() => readFileSync(`/proc/${daemon.pid}/comm`, 'utf8'), { timeout: 20_000 }).toBe('sleep\n');
    await expect.poll(() => readFileSync(`/proc/${worker.pid}/comm`, 'utf8'), { timeout: 20_000 }).toBe('sleep\n');
    expect(named(String(daemon.pid))).not.toBe(named(String(worker.pid)));
    expect(named(String(worker.pid))).not.toBe(named('self'));
    await daemon.stop();
    await worker.stop();

    // Both ports are closed. The listener is there to be found.
    for (const [server, address, namespace] of [
      ['lansrv', '10.11.0.7', 'box'],
      ['wansrv', facts.wan?.addresses[0]?.split('/')[0] ?? '', 'mgmt'],
    ] as const) {
      bench.lab.start(namespace, ['socat', 'TCP4-LISTEN:443,fork,reuseaddr', 'EXEC:echo open']);
      const found = await bench.lab.run(server, ['nmap', '-n', '-Pn', '-sS', '-F', '--max-retries', '0', address], {
        timeoutMs: 60_000,
      });
      expect(found.stdout).not.toMatch(/\/tcp +(open|closed)/);
      // A listener that would answer, and 200 more ports.
      bench.lab.start(namespace, ['socat', 'UDP4-LISTEN:5353,fork,reuseaddr', 'EXEC:echo open']);
      const udp = ['nmap', '-n', '-Pn', '-sU', '-p', '1-200,5353', '--max-retries', '1', '--min-rate', '400', address];
      const datagrams = await bench.lab.run(server, udp, { timeoutMs: 60_000 });
      expect(datagrams.stdout).toMatch(/201 open\|filtered udp ports \(no-response\)/);
    }

    // DHCP and static mix, and LAN alone takes the port back.
    await bench.apply({ lan: staticLan, wan: staticWan });
    expect((await bench.until(({ wan }) => wan?.addresses[0] === '10.22.0.7/24')).wan).toMatchObject({
      lease: null,
      gateway: '10.22.0.1',
    });
    await bench.dhcp('lansrv', fullLease);
    await bench.apply({ wan: staticWan });
    await bench.until(({ lan, wan }) => lan.lease !== null && wan?.gateway === '10.22.0.1');
    await bench.apply({});
    expect((await bench.facts()).wan).toBeNull();
    expect(await bench.ip('box', '-o', 'link')).toMatch(/wan0/);
    expect(await bench.ip('box', '-4', 'addr', 'show', 'dev', 'wan0')).not.toContain('10.22');
  });

  test("goes on with LAN while WAN's network card is missing, says so, and sets WAN up when it is back", async () => {
    await using bench = await NetworkBench.open('ncnowan');
    await bench.lab.addNamespace('drawer');
    await bench.start();
    await bench.apply({ lan: staticLan, wan: staticWan });
    await bench.until(({ lan, wan }) => lan.addresses.length === 1 && wan?.addresses.length === 1);
    await bench.lab.run('mgmt', ['ip', 'link', 'set', 'wan0', 'netns', bench.lab.fullName('drawer')]);
    const without = await bench.until(({ wan }) => wan?.up === false);
    expect(without.wan).toMatchObject({ device: 'wan0', carrier: false, addresses: [] });
    expect(portError('wan', without.wan ?? without.lan)?.description).toBe('WAN iface down');
    expect(without.failures).toEqual([]);
    // LAN is held as before, and takes changes.
    await bench.ip('box', 'addr', 'flush', 'dev', 'lan0');
    await bench.until(({ lan }) => lan.addresses[0] === '10.11.0.7/24');
    await bench.apply({ lan: { ...staticLan, address: '10.11.0.9' }, wan: staticWan });
    expect(await bench.ip('box', '-4', 'addr', 'show', 'dev', 'lan0')).toContain('10.11.0.9/24');
    // Also a helper that starts without it.
    await bench.stop();
    await bench.start();
    await bench.until(({ lan, wan }) => lan.addresses[0] === '10.11.0.9/24' && wan?.up === false);
    await bench.lab.run('drawer', ['ip', 'link', 'set', 'wan0', 'netns', bench.lab.fullName('box')]);
    const back = await bench.until(({ wan }) => wan?.addresses[0] === '10.22.0.7/24');
    expect(back).toMatchObject({ split: true, wan: { up: true, gateway: '10.22.0.1', trouble: [] }, failures: [] });
  });

  test.skipIf(!existsSync('/usr/sbin/nmbd'))(
    'uses the WINS servers of LAN for scans, of option 44 and typed in, and asks them through LAN alone',
    async () => {
      await using bench = await NetworkBench.open('ncwins');
      await bench.lab.addNamespace('desk');
      await bench.lab.connect('desk', 'lansw', 'p0', ['10.11.0.20/24']);
      await watch(bench, 'wansrv', '10.11.0.0/24');
      const server = await samba(bench, 'lansrv', 'FILESRV', 'wins support = yes');
      await samba(bench, 'desk', 'DESK-01', 'wins server = 10.11.0.1');
      await server.waitFor(/wins_process_multihomed_name_registration_request: .*DESK-01<00>/);
      const range = ['dhcp-range=10.11.0.100,10.11.0.150,255.255.255.0,2m', 'dhcp-option=option:router,10.11.0.1'];
      await bench.dhcp('lansrv', [...range, 'dhcp-option=option:netbios-ns,10.11.0.1']);
      await bench.start();
      await bench.until(({ lan }) => lan.lease !== null);
      await bench.apply({ wan: staticWan });
      const leased = await bench.until(({ lan, wan }) => lan.lease !== null && wan?.addresses.length === 1);
      expect(leased).toMatchObject({ split: true, scan: { wins: ['10.11.0.1'] } });
      expect(await winsNames(bench)).toEqual(['10.11.0.1 FILESRV', '10.11.0.20 DESK-01']);

      await bench.apply({ lan: staticLan, wan: staticWan });
      await bench.until(({ lan, scan }) => lan.lease === null && scan.wins.length === 0);
      expect(await winsNames(bench)).toEqual([]);
      await bench.apply({ lan: { ...staticLan, wins: ['10.11.0.1'] }, wan: staticWan });
      await bench.until(({ scan }) => scan.wins[0] === '10.11.0.1');
      expect(await winsNames(bench)).toEqual(['10.11.0.1 FILESRV', '10.11.0.20 DESK-01']);
      expect(await bytesSent(bench, 'wansrv', 'stray')).toBe(0);
    },
    120_000,
  );

  test('is refused in the subnet of LAN: at the prompt when static, without an address when leased', async () => {
    await using bench = await NetworkBench.open('ncsame');
    await bench.start();
    const near = { ...staticWan, address: '10.11.0.9', gateway: '10.11.0.1' };
    await bench.apply({ lan: staticLan });
    expect(await bench.apply({ lan: staticLan, wan: near })).toMatchObject({
      type: 'refused',
      saved: false,
      problems: [{ code: 'same-subnet' }],
    });
    expect((await bench.facts()).split).toBe(false);
    await bench.lab.run('wansrv', ['ip', 'addr', 'add', '10.11.0.1/24', 'dev', 'p0']);
    await bench.dhcp('wansrv', ['dhcp-range=10.11.0.200,10.11.0.250,255.255.255.0,2m']);
    await bench.apply({ lan: staticLan, wan: { method: 'dhcp' } });
    const facts = await bench.until(({ wan }) => wan?.trouble.some(({ code }) => code === 'same-subnet') === true);
    expect(facts.wan).toMatchObject({ addresses: [], trouble: [{ invalidConfiguration: true }] });
    expect(facts.lan).toMatchObject({ addresses: ['10.11.0.7/24'], trouble: [] });
  });
});
