import { type EngineEvent, probesSent } from '@picket/contracts/event';
import { discoveryPorts } from '@picket/plan/plan';
import { compressPorts } from '@picket/plan/port-set';
import { profiles } from '@picket/plan/profile';
import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, test } from 'vitest';
import { PauseGate } from '../gate/pause-gate.ts';
import { type FakeHost, FakeNetwork } from '../testing/fake-network.ts';
import { FakeWire, type FakeWireInit, type WireHost } from '../testing/fake-wire.ts';
import { packetsOnWire } from '../testing/packets-on-wire.ts';
import { collectFake, depsOf, jobOf, ofType, setOf } from '../testing/run-on.ts';

const allPorts = compressPorts([...discoveryPorts].sort((a, b) => a - b));

/** What the closing event of each block tells. */
function told(events: readonly EngineEvent[]) {
  const ends = ofType(events, 'unit').filter(({ unit, state }) => unit.phase === 'discovery' && state !== 'running');
  return ends.map(({ probes }) => probesSent.parse(probes));
}

/** Sum over all blocks, by kind. */
function sums(events: readonly EngineEvent[]): Record<string, number> {
  const all = told(events).flatMap(({ sent }) => sent);
  return Object.fromEntries(
    [...Map.groupBy(all, ({ kind }) => kind)].map(([kind, of]) => [kind, of.reduce((sum, { sent }) => sum + sent, 0)]),
  );
}

function connections(table: Readonly<Record<string, FakeHost>>) {
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const network = new FakeNetwork(clock, table);
  return { clock, network, deps: depsOf(clock, network) };
}

describe('what discovery by connections tells that it sent', () => {
  test('is each connection that was tried, with the ports that were asked, and that there are no raw packets', async () => {
    const { clock, network, deps } = connections({});
    const mode = { name: 'connect', level: 'warning', message: 'CAP_NET_RAW is missing' } as const;
    const { events } = await collectFake(clock, jobOf({ kind: 'map', targets: '10.0.0.0/29' }), { ...deps, mode });
    expect(network.dials.length).toBe(8 * discoveryPorts.length);
    expect(told(events)).toEqual([
      {
        sent: [{ kind: 'tcp-connect', sent: network.dials.length, ports: allPorts }],
        unsent: [{ reason: 'no-raw-packets', detail: 'CAP_NET_RAW is missing' }],
      },
    ]);
  });

  test('leaves out what an answer made needless, and what this machine could not send', async () => {
    const { clock, network, deps } = connections({ '10.0.0.1': {} });
    network.localFault = (dial) => (dial < 3 ? 'EMFILE' : null);
    const { events } = await collectFake(clock, jobOf({ kind: 'map', targets: '10.0.0.1' }), deps);
    expect(network.dials.length).toBeGreaterThan(3);
    expect(network.dials.length).toBeLessThan(discoveryPorts.length);
    expect(sums(events)).toEqual({ 'tcp-connect': network.dials.length - 3 });
  });

  test('is the plan itself where few ports are planned, repeats and datagrams included', async () => {
    const { clock, network, deps } = connections({});
    const job = jobOf({ targets: '10.0.0.9', ports: '80,81,U:53' });
    const { events } = await collectFake(clock, job, deps);
    const count = (protocol: string) => network.dials.filter((dial) => dial.protocol === protocol).length;
    expect(count('tcp')).toBeGreaterThan(2);
    expect(told(events)).toEqual([
      {
        sent: [
          { kind: 'tcp-connect', sent: count('tcp'), ports: '80-81' },
          { kind: 'udp', sent: count('udp'), ports: '53' },
        ],
        unsent: [],
      },
    ]);
  });

  test('names the addresses to which nothing went: forbidden, of this machine, taken as there', async () => {
    const { clock, network, deps } = connections({});
    const localAllowList = setOf('10.0.0.0-10.0.0.4', '127.0.0.1');
    const targets = '10.0.0.0/29,127.0.0.1';
    const asked = await collectFake(clock, jobOf({ kind: 'map', targets }), { ...deps, localAllowList });
    expect(sums(asked.events)).toEqual({ 'tcp-connect': network.dials.length });
    expect(told(asked.events).flatMap(({ unsent }) => unsent)).toEqual(
      expect.arrayContaining([
        { reason: 'scope-denied', addresses: 3 },
        { reason: 'this-machine', addresses: 1 },
      ]),
    );
    const taken = await collectFake(clock, jobOf({ targets: '10.0.0.0/29', assumeAlive: true }), deps);
    expect(told(taken.events)).toEqual([{ sent: [], unsent: [{ reason: 'assumed', addresses: 8 }] }]);
  });

  test('is told by a block that its window ended, with the addresses that were not asked to the end', async () => {
    const { clock, network, deps } = connections({});
    const window = { notBeforeMs: 0, notAfterMs: clock.now() + 1500 };
    const job = jobOf({ kind: 'map', targets: '10.0.0.0/27' }, { window });
    const { events } = await collectFake(clock, job, deps);
    const [end] = told(events);
    expect(sums(events)).toEqual({ 'tcp-connect': network.dials.length });
    expect(end?.unsent).toEqual([{ reason: 'window-closed', addresses: 32 }]);
    expect(network.dials.length).toBeGreaterThan(0);
  });
});

/** Everything of 10.0.0.0/24 is on the link, 10.1.0.0/16 behind the gateway. */
function wired(hosts: Readonly<Record<string, WireHost>>, more: Partial<FakeWireInit> = {}) {
  const clock = new FakeClock();
  const wire = new FakeWire({
    clock,
    hosts: (address) => hosts[address],
    routed: (address) => address.startsWith('10.1.'),
    ...more,
  });
  const deps = depsOf(clock, new FakeNetwork(clock, {}), { packets: packetsOnWire(wire, clock) });
  // Questions for the MAC of the gateway are about no address of a block.
  const seen = () => {
    const packets = wire.packets.filter(({ address }) => address !== '10.0.0.254');
    const count = (kind: string) => packets.filter((packet) => packet.kind === kind).length;
    return { arp: count('arp'), icmp: count('icmp'), tcp: count('tcp'), udp: count('udp') };
  };
  return { clock, deps, seen };
}

/** In the kinds that the wire tells apart. */
function toldOfWire(events: readonly EngineEvent[]) {
  const by = sums(events);
  return {
    arp: by['arp'] ?? 0,
    icmp: (by['icmp-echo'] ?? 0) + (by['icmp-timestamp'] ?? 0),
    tcp: (by['tcp-syn'] ?? 0) + (by['tcp-ack'] ?? 0),
    udp: by['udp'] ?? 0,
  };
}

const map = (targets: string) => jobOf({ kind: 'map', targets, profile: profiles.fast });

describe('what discovery by packets tells that it sent', () => {
  test('on the link is the ARP requests alone: nothing else can reach who does not answer them', async () => {
    const { clock, deps, seen } = wired({ '10.0.0.1': {} });
    const { events } = await collectFake(clock, map('10.0.0.0/28'), deps);
    expect(told(events)).toEqual([{ sent: [{ kind: 'arp', sent: seen().arp }], unsent: [] }]);
    expect(seen()).toMatchObject({ icmp: 0, tcp: 0, udp: 0 });
    expect(seen().arp).toBeGreaterThan(16);
  });

  test('behind a gateway is what the wire saw, kind by kind, with the ports', async () => {
    const { clock, deps, seen } = wired({ '10.1.0.1': { echo: true }, '10.1.0.2': { otherTcp: 'drop' } });
    const { events } = await collectFake(clock, map('10.1.0.0/28'), deps);
    expect(toldOfWire(events)).toEqual(seen());
    const [end] = told(events);
    expect(end?.sent.map(({ kind }) => kind).sort()).toEqual(
      ['icmp-echo', 'icmp-timestamp', 'tcp-ack', 'tcp-syn', 'udp'].sort(),
    );
    expect(end?.sent.find(({ kind }) => kind === 'tcp-ack')?.ports).toBe('80');
    expect(end?.sent.find(({ kind }) => kind === 'udp')?.ports).toBe('53,123,137,161');
  });

  test('is no frame that the kernel refused', async () => {
    const { clock, deps, seen } = wired({}, { sendFault: (call) => (call >= 4 ? -100 : 0) });
    const { events } = await collectFake(clock, map('10.1.0.0/26'), deps);
    expect(seen().icmp).toBeGreaterThan(0);
    expect(toldOfWire(events)).toEqual(seen());
    const [end] = told(events);
    expect(end?.unsent).toMatchObject([{ reason: 'local-limit', addresses: 64, detail: expect.stringMatching(/100/) }]);
  });

  test('is there at the moment at which a block is stopped', async () => {
    const { clock, deps, seen } = wired({});
    const abort = new AbortController();
    void clock.sleep(700).then(() => abort.abort());
    const control = { signal: abort.signal, pause: new PauseGate() };
    const { events } = await collectFake(clock, map('10.1.0.0/24'), deps, control);
    expect(seen().icmp).toBeGreaterThan(0);
    expect(toldOfWire(events)).toEqual(seen());
    expect(told(events)[0]?.unsent).toEqual([{ reason: 'cancelled', addresses: 256 }]);
  });
});
