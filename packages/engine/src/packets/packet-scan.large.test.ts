import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EngineEvent, engineEvent } from '@picket/contracts/event';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { describe, expect, test } from 'vitest';
import type { PacketScanEnd, PacketScanOrder } from '../testing/packet-scan-process.ts';
import { ofType } from '../testing/run-on.ts';

const support = canUseNamespaces();
const scanProcess = fileURLToPath(new URL('../testing/packet-scan-process.ts', import.meta.url));

const stormProgram = fileURLToPath(new URL('../testing/storm-program.ts', import.meta.url));

/** Listens on port 80 of all addresses of its namespace, and answers datagrams to port 5353. */
const listener = `
const done = require('node:net').createServer((s) => s.on('error', () => {}).destroy()).listen({ host: '::', port: 80, backlog: 4096 }, () => {
  const socket = require('node:dgram').createSocket('udp4', (m, from) => socket.send('hello', from.port, from.address));
  socket.bind(5353, () => console.log('listening'));
});`;

/** Scanner 10.60.0.2 and target 10.60.0.10 on one link; the target also is every address of 10.77.0.0/16, as a router would be. */
async function labOf(rules = ''): Promise<NetworkLab> {
  const lab = new NetworkLab('packet-scan');
  await lab.addBridge('net');
  await lab.addNamespace('scanner');
  await lab.addNamespace('hosts');
  await lab.connect('scanner', 'net', 'eth0', ['10.60.0.2/24', 'fd60::2/64']);
  await lab.connect('hosts', 'net', 'eth0', ['10.60.0.10/24', '10.60.0.20/24', '10.60.0.21/24', 'fd60::10/64']);
  await run(lab, 'hosts', 'ip route add local 10.77.0.0/16 dev lo');
  await run(lab, 'scanner', 'ip route add 10.77.0.0/16 via 10.60.0.10');
  await run(lab, 'hosts', 'sysctl -qw net.ipv4.tcp_syncookies=2 net.core.somaxconn=4096');
  if (rules !== '') await nft(lab, rules);
  await lab.start('hosts', [process.execPath, '-e', listener]).waitFor(/listening/);
  return lab;
}

async function run(lab: NetworkLab, namespace: string, command: string): Promise<string> {
  const result = await lab.run(namespace, command.split(' '));
  if (result.code !== 0) throw new Error(`${command}: ${result.stderr}`);
  return result.stdout;
}

async function nft(lab: NetworkLab, rules: string): Promise<void> {
  const result = await lab.run('hosts', ['nft', '-f', '-'], { input: rules });
  if (result.code !== 0) throw new Error(result.stderr);
}

async function scan(
  lab: NetworkLab,
  order: PacketScanOrder,
  before: readonly string[] = [],
): Promise<{ events: EngineEvent[]; end: PacketScanEnd }> {
  const folder = await mkdtemp(join(tmpdir(), 'packet-scan-'));
  try {
    const file = join(folder, 'events');
    const argv = [...before, process.execPath, scanProcess, JSON.stringify(order), file];
    const result = await lab.run('scanner', argv, { timeoutMs: 110_000 });
    if (result.code !== 0) throw new Error(result.stderr);
    const events = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
    return { events: events.map((line) => engineEvent.parse(JSON.parse(line))), end: JSON.parse(result.stdout) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Packets that a named counter of the target's rules saw. */
async function counted(lab: NetworkLab, name: string, family = 'inet'): Promise<number> {
  const text = await run(lab, 'hosts', `nft list counter ${family} watch ${name}`);
  return Number(/packets (\d+)/.exec(text)?.[1] ?? Number.NaN);
}

const openPorts = (events: readonly EngineEvent[]) =>
  ofType(events, 'port')
    .filter(({ state }) => state === 'open')
    .map(({ address, protocol, port }) => `${protocol} ${address} ${port}`)
    .sort();

describe.skipIf(!support.ok)(`a scan by raw packets${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('finds neighbours by ARP and NDP through any firewall, and tells open, closed and filtered ports', async () => {
    await using lab = await labOf(`table inet filter { chain input { type filter hook input priority 0;
      ip daddr 10.60.0.20 tcp dport != 80 drop
      ip daddr 10.60.0.21 drop
    }\n}\n`);
    const order = { targets: '10.60.0.0/27,fd60::/123', ports: '1-100,9000', profile: 'fast' } as const;
    const { events } = await scan(lab, order);
    expect(openPorts(events)).toEqual(['tcp 10.60.0.10 80', 'tcp 10.60.0.20 80', 'tcp fd60::10 80']);
    const up = ofType(events, 'host').map(({ address, reason }) => `${address} ${reason}`);
    expect(up.sort()).toEqual([
      '10.60.0.10 arp',
      '10.60.0.2 rst',
      '10.60.0.20 arp',
      '10.60.0.21 arp',
      'fd60::10 ndp',
      'fd60::2 rst',
    ]);
    const counts = new Map(ofType(events, 'unit').map((event) => [event.unit.subject, event.counts]));
    expect(counts.get('10.60.0.10')).toMatchObject({ tested: 101, open: 1, closed: 100, filtered: 0, packets: 101 });
    expect(counts.get('10.60.0.20')).toMatchObject({ tested: 101, open: 1, closed: 0, filtered: 100, packets: 201 });
    expect(ofType(events, 'port').every(({ ttl }) => ttl === undefined || ttl === 64)).toBe(true);
  });

  test('a /16 through a gateway: every host, one packet each, and no packet anywhere else', async () => {
    await using lab = await labOf(`table inet watch {
      counter asked { }
      counter excluded { }
      counter elsewhere { }
      chain input { type filter hook prerouting priority -300;
        iifname "eth0" ip saddr 10.60.0.2 ip daddr 10.77.9.0/24 counter name excluded
        iifname "eth0" ip saddr 10.60.0.2 ip daddr 10.77.0.0/16 tcp flags syn / syn,ack,rst counter name asked
        iifname "eth0" ip saddr 10.60.0.2 ip daddr != 10.77.0.0/16 counter name elsewhere
      }
    }\n`);
    const order = { targets: '10.77.0.0/16', exclude: '10.77.9.0/24', ports: '80', profile: 'lab' } as const;
    const { events, end } = await scan(lab, order);
    expect(end.outcome).toBe('complete');
    expect(openPorts(events).length).toBe(65_280);
    const sent = ofType(events, 'unit').reduce((sum, { counts }) => sum + (counts?.packets ?? 0), 0);
    expect(await counted(lab, 'asked')).toBe(sent);
    const found = ofType(events, 'unit').flatMap(({ probes }) => probes?.sent ?? []);
    expect(new Set(found.map(({ kind, ports }) => `${kind} ${ports}`))).toEqual(new Set(['tcp-syn 80']));
    expect(found.reduce((sum, one) => sum + one.sent, 0)).toBe(await counted(lab, 'asked'));
    expect(await counted(lab, 'excluded')).toBe(0);
    expect(await counted(lab, 'elsewhere')).toBe(0);
  }, 120_000);

  test('tells of a silent block what the target saw of it, kind by kind', async () => {
    await using lab = await labOf(`table inet watch {
      counter echos { }
      counter times { }
      counter syns { }
      counter acks { }
      counter datagrams { }
      counter solicitations { }
      chain input { type filter hook prerouting priority -300;
        ip saddr 10.60.0.2 ip daddr 10.77.0.0/28 jump kinds
        ip6 saddr fd60::2 icmpv6 type nd-neighbor-solicit counter name solicitations
      }
      chain kinds {
        icmp type echo-request counter name echos
        icmp type timestamp-request counter name times
        tcp flags syn / syn,ack,rst counter name syns
        tcp flags ack / syn,ack,rst counter name acks
        meta l4proto udp counter name datagrams
        drop
      }
    }
    table arp watch {
      counter questions { }
      chain input { type filter hook input priority 0;
        arp operation request arp saddr ip 10.60.0.2 arp daddr ip 10.60.0.64/26 counter name questions
      }
    }\n`);
    const targets = '10.77.0.0/28,10.60.0.64/26,fd60::40/122';
    const { events } = await scan(lab, { targets, ports: '1-100', profile: 'fast' });
    const ends = ofType(events, 'unit').filter(({ unit, state }) => unit.phase === 'discovery' && state === 'done');
    const sent = ends.flatMap(({ probes }) => probes?.sent ?? []);
    const told = (kind: string) => sent.reduce((sum, one) => sum + (one.kind === kind ? one.sent : 0), 0);
    expect({
      'icmp-echo': await counted(lab, 'echos'),
      'icmp-timestamp': await counted(lab, 'times'),
      'tcp-syn': await counted(lab, 'syns'),
      'tcp-ack': await counted(lab, 'acks'),
      udp: await counted(lab, 'datagrams'),
      arp: await counted(lab, 'questions', 'arp'),
      ndp: await counted(lab, 'solicitations'),
    }).toEqual(
      Object.fromEntries(
        ['icmp-echo', 'icmp-timestamp', 'tcp-syn', 'tcp-ack', 'udp', 'arp', 'ndp'].map((kind) => [kind, told(kind)]),
      ),
    );
    expect(told('icmp-echo')).toBeGreaterThanOrEqual(16);
    expect(told('arp')).toBeGreaterThanOrEqual(64);
    expect(told('ndp')).toBeGreaterThanOrEqual(64);
    expect(sent.find(({ kind }) => kind === 'udp')?.ports).toBe('53,123,137,161');
  }, 60_000);

  test('loses next to nothing on a way that drops two packets of a hundred', async () => {
    await using lab = await labOf(`table inet filter { chain input { type filter hook input priority 0;
      ip daddr 10.77.0.0/16 numgen random mod 100 < 2 drop
    }\n}\n`);
    const { events } = await scan(lab, { targets: '10.77.0.0/18', ports: '80', profile: 'lab' });
    expect(openPorts(events).length).toBeGreaterThanOrEqual(16_384 * 0.999);
    const most = Math.max(
      ...ofType(events, 'unit').map(({ counts }) => (counts?.packets ?? 0) / Math.max(1, counts?.tested ?? 1)),
    );
    expect(most).toBeLessThanOrEqual(3);
  }, 120_000);

  test('a silent network is over soon, and a firewall that drops most ports costs one pass more', async () => {
    await using lab = await labOf(`table inet filter { chain input { type filter hook input priority 0;
      ip daddr 10.77.1.0/24 drop
      ip daddr 10.77.2.0/24 tcp dport != 80 drop
    }\n}\n`);
    const silent = await scan(lab, { targets: '10.77.1.0/24', ports: '1-1000', profile: 'fast' });
    expect(ofType(silent.events, 'host')).toEqual([]);
    expect(silent.end.tookMs).toBeLessThan(10_000);
    const filtered = await scan(lab, { targets: '10.77.2.0/29', ports: '1-500', profile: 'fast' });
    expect(openPorts(filtered.events).length).toBe(8);
    expect(ofType(filtered.events, 'unit').find(({ counts }) => counts?.filtered)?.counts?.packets).toBe(999);
  }, 60_000);

  test('UDP: answers, refusals at the pace the target keeps, and silence', async () => {
    await using lab = await labOf(`table inet filter { chain input { type filter hook input priority 0;
      udp dport 161 drop
    }\n}\n`);
    const { events } = await scan(lab, { targets: '10.60.0.10', ports: 'U:161,5353,9000-9009', profile: 'normal' });
    const told = ofType(events, 'port').map(({ port, state }) => `${port} ${state}`);
    expect(told.sort()).toEqual(['161 open|filtered', '5353 open']);
    const counts = ofType(events, 'unit').find(({ unit, state }) => unit.phase === 'ports' && state === 'done')?.counts;
    expect(counts).toMatchObject({ tested: 12, open: 1, closed: 10 });
  }, 60_000);

  test('frames carry the VLAN that was asked for, and answers outside of it count for nothing', async () => {
    await using lab = await labOf(`table netdev watch {
      counter tagged { }
      counter other { }
      chain input { type filter hook ingress device "eth0" priority 0;
        vlan id 7 counter name tagged drop
        ether type 0x8100 counter name other
      }
    }\n`);
    const order = { targets: '10.60.0.10', ports: '79-81', profile: 'fast', options: { vlan: 7 } } as const;
    const { events } = await scan(lab, order);
    expect(ofType(events, 'host')).toMatchObject([{ state: 'silent' }]);
    expect(await counted(lab, 'tagged', 'netdev')).toBe(2);
    expect(await counted(lab, 'other', 'netdev')).toBe(0);
  });

  test('with a VLAN of its own nothing leaves without the tag, also for what no packet gets to', async () => {
    await using lab = await labOf(`table inet watch {
      counter untagged { }
      chain input { type filter hook prerouting priority -300;
        ip saddr 10.60.0.2 counter name untagged
      }
    }\n`);
    // This machine itself, a host on the link, and one that no route leads to.
    await run(lab, 'scanner', 'ip route add unreachable 10.88.0.0/16');
    const targets = '10.60.0.2,10.60.0.10,10.88.0.1';
    const { events } = await scan(lab, { targets, ports: '79-81', profile: 'fast', options: { vlan: 7 } });
    const ends = ofType(events, 'unit').filter(({ state }) => state !== 'running');
    expect(ends.map(({ unit, reason }) => `${unit.subject} ${reason}`).sort()).toEqual(
      expect.arrayContaining(['10.60.0.2 local-limit', '10.88.0.1 local-limit']),
    );
    expect(JSON.stringify(ends)).toMatch(/no packet of this machine gets there in VLAN 7/);
    expect(openPorts(events)).toEqual([]);
    expect(await counted(lab, 'untagged')).toBe(0);
  });

  test('packets come from the port that was asked for', async () => {
    await using lab = await labOf(`table inet watch {
      counter right { }
      counter wrong { }
      chain input { type filter hook prerouting priority -300;
        tcp flags syn / syn,ack,rst tcp sport 53 counter name right
        tcp flags syn / syn,ack,rst tcp sport != 53 counter name wrong
      }
    }\n`);
    await scan(lab, { targets: '10.60.0.10', ports: '1-40', profile: 'fast', options: { sourcePort: 53 } });
    expect(await counted(lab, 'right')).toBe(40);
    expect(await counted(lab, 'wrong')).toBe(0);
  });

  test('a storm of forged answers changes nothing', async () => {
    await using lab = await labOf();
    // 10.60.0.10 and 10.60.0.2 as numbers.
    const storm = lab.start('hosts', [process.execPath, stormProgram, 'eth0', '6000', '171704330', '171704322']);
    await storm.waitFor(/storm/);
    const { events } = await scan(lab, { targets: '10.60.0.10', ports: '1-100', profile: 'fast' });
    expect(openPorts(events)).toEqual(['tcp 10.60.0.10 80']);
    const counts = ofType(events, 'unit').find(({ unit, state }) => unit.phase === 'ports' && state === 'done')?.counts;
    expect(counts).toMatchObject({ open: 1, closed: 99 });
    await storm.exited;
    expect(Number(storm.output().trim().split('\n').at(-1))).toBeGreaterThan(10_000);
  }, 60_000);

  test('needs CAP_NET_RAW and nothing else, and without it says what ordinary connections cost', async () => {
    await using lab = await labOf();
    const order = { targets: '10.60.0.10', ports: '70-99', profile: 'fast', mode: 'auto' } as const;
    const only = (set: string) => ['setpriv', `--bounding-set=${set}`, `--inh-caps=${set}`];
    const raw = await scan(lab, order, only('-all,+net_raw'));
    expect(ofType(raw.events, 'note')).toMatchObject([{ code: 'engine.mode', level: 'info' }]);
    expect(ofType(raw.events, 'host')).toMatchObject([{ reason: 'arp' }]);
    const plain = await scan(lab, order, only('-all'));
    const notes = ofType(plain.events, 'note');
    expect(notes).toMatchObject([
      { code: 'engine.mode', level: 'warning', message: expect.stringMatching(/CAP_NET_RAW/) },
    ]);
    expect(ofType(plain.events, 'host')).toMatchObject([{ reason: 'rst' }]);
    expect(openPorts(plain.events)).toEqual(openPorts(raw.events));
  }, 60_000);

  test('a pause holds every packet, and the scan then ends with each port asked once', async () => {
    await using lab = await labOf();
    const order = { targets: '10.60.0.10', ports: '1-1000', profile: 'normal', pauseAt: 1500, resumeAt: 4500 } as const;
    const { events, end } = await scan(lab, order);
    const counts = ofType(events, 'unit').find(({ unit, state }) => unit.phase === 'ports' && state === 'done')?.counts;
    expect(counts).toMatchObject({ tested: 1000, packets: 1000 });
    expect(end.tookMs).toBeGreaterThan(8000);
  }, 60_000);

  test('a cancel ends a scan at full rate within a second', async () => {
    await using lab = await labOf();
    const { end } = await scan(lab, { targets: '10.77.0.0/16', ports: '1-1000', profile: 'lab', cancelAt: 3000 });
    expect(end.outcome).toBe('stopped');
    expect(end.tookMs).toBeLessThan(1000);
  }, 60_000);
});
