import { FakeClock } from '@picket/testkit/fake-clock';
import { profiles } from '@picket/plan/profile';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mix } from '../connect/permutation.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import { dryRun } from '../run/dry-run.ts';
import { FakeNetwork } from '../testing/fake-network.ts';
import { FakeWire, type FakeWireInit, type WireHost } from '../testing/fake-wire.ts';
import { clientOn, packetsOnWire } from '../testing/packets-on-wire.ts';
import { collectFake, depsOf, jobOf, ofType, setOf } from '../testing/run-on.ts';
import type { PacketOptions } from './loop-config.ts';

/** Everything of 10.0.0.0/24 is on the link, 10.1.0.0/16 behind the gateway. */
function world(
  hosts: Readonly<Record<string, WireHost>>,
  more: Partial<FakeWireInit> & { options?: PacketOptions } = {},
) {
  const clock = new FakeClock();
  const wire = new FakeWire({
    clock,
    hosts: (address) => hosts[address],
    routed: (address) => address.startsWith('10.1.'),
    ...more,
  });
  const sockets = new FakeNetwork(clock, {});
  const deps = depsOf(clock, sockets, { packets: packetsOnWire(wire, clock, more.options) });
  return { clock, wire, sockets, deps };
}

const fast = { profile: profiles.fast };
const manyPorts = Array.from({ length: 30 }, (_, index) => index + 1);

describe('discovery by packets', () => {
  test('finds neighbours by ARP, even those that drop everything, and keeps their MACs', async () => {
    const { clock, deps, wire } = world({ '10.0.0.1': { otherTcp: 'drop' }, '10.0.0.9': {} });
    const { events } = await collectFake(clock, jobOf({ targets: '10.0.0.0/28', ...fast }), deps);
    const up = ofType(events, 'host').map(({ address, reason, mac }) => ({ address, reason, mac }));
    expect(up).toEqual([
      { address: '10.0.0.1', reason: 'arp', mac: '02:00:0a:00:00:01' },
      { address: '10.0.0.9', reason: 'arp', mac: '02:00:0a:00:00:09' },
    ]);
    const absent = wire.packets.filter(({ address }) => address === '10.0.0.2');
    expect(absent.map(({ kind }) => kind)).toEqual(['arp', 'arp']);
  });

  test('finds hosts behind a gateway by echo, by port, by refusal', async () => {
    const { clock, deps } = world({
      '10.1.0.1': { echo: true, otherTcp: 'drop' },
      '10.1.0.2': { tcp: { 445: 'open' }, otherTcp: 'drop' },
      '10.1.0.3': {},
      '10.1.0.4': { otherTcp: 'drop', udp: { 53: 'answer' } },
    });
    const { events } = await collectFake(clock, jobOf({ targets: '10.1.0.0/28', ...fast }), deps);
    const found = ofType(events, 'host').map(({ address, reason, port }) => [address, reason, port]);
    expect(found.sort()).toEqual([
      ['10.1.0.1', 'icmp-echo', undefined],
      ['10.1.0.2', 'syn-ack', 445],
      ['10.1.0.3', 'rst', 443],
      ['10.1.0.4', 'udp-answer', 53],
    ]);
  });

  test('a gateway that nobody answers for makes its addresses untested, not silent', async () => {
    const { clock, deps } = world({}, { fate: () => 'lose' });
    const { events, outcome } = await collectFake(clock, jobOf({ targets: '10.1.0.0/30', ...fast }), deps);
    const end = ofType(events, 'unit').find(({ state }) => state !== 'running');
    expect(end).toMatchObject({ state: 'not-evaluable', reason: 'local-limit' });
    expect(end?.detail).toMatch(/gateway 10\.0\.0\.254 on wire0 does not answer/);
    expect(outcome.outcome).toBe('complete');
  });

  test('a plan with few ports is its own discovery: each port gets one packet', async () => {
    const { clock, deps, wire } = world({ '10.1.0.1': { tcp: { 80: 'open' } } });
    const { events } = await collectFake(clock, jobOf({ targets: '10.1.0.1', ports: '80,81', ...fast }), deps);
    expect(wire.probed).toEqual(['tcp 10.1.0.1:80', 'tcp 10.1.0.1:81']);
    expect(ofType(events, 'port')).toMatchObject([{ port: 80, state: 'open', reason: 'syn-ack', ttl: 63 }]);
    expect(ofType(events, 'host')).toMatchObject([{ reason: 'syn-ack', port: 80 }]);
  });
});

describe('a port scan by packets', () => {
  test('tells open, closed and filtered ports, and how many packets the host got', async () => {
    const { clock, deps } = world({ '10.0.0.1': { tcp: { 7: 'open', 9: 'drop' } } });
    const { events } = await collectFake(clock, jobOf({ targets: '10.0.0.1', ...fast }), deps);
    expect(ofType(events, 'port')).toMatchObject([{ port: 7, state: 'open', ttl: 63 }]);
    const unit = ofType(events, 'unit').find(({ unit: { phase }, state }) => phase === 'ports' && state === 'done');
    expect(unit?.counts).toEqual({ tested: 30, open: 1, closed: 28, filtered: 1, packets: 31 });
    expect(unit?.coverage).toMatchObject([{ filtered: '9' }]);
  });

  test('answers with a wrong cookie count for nothing', async () => {
    const { clock, deps } = world({ '10.0.0.1': { otherTcp: 'open', lies: true, udp: { 53: 'answer' } } });
    const job = jobOf({ targets: '10.0.0.1', ports: '1-30,U:53,54', ...fast });
    const { events } = await collectFake(clock, job, deps);
    expect(ofType(events, 'port').filter(({ state }) => state === 'open')).toEqual([]);
  });

  test('UDP: an answer is open, a refusal closed, silence open or filtered, though refusals come once a second', async () => {
    const { clock, deps } = world({ '10.0.0.1': { udp: { 53: 'answer', 161: 'drop' }, icmpBurst: 6 } });
    const job = jobOf({ targets: '10.0.0.1', ports: 'U:53,161,1000-1030', ...fast });
    const { events } = await collectFake(clock, job, deps);
    const told = ofType(events, 'port').map(({ port, state }) => [port, state]);
    expect(told.sort()).toEqual([
      [161, 'open|filtered'],
      [53, 'open'],
    ]);
    const done = ofType(events, 'unit').find(({ unit: { phase }, state }) => phase === 'ports' && state === 'done');
    expect(done?.counts).toMatchObject({ closed: 31 });
  });

  test('lost packets cost no port: silent ports are asked again, more often where answers came late', async () => {
    const fate = (frame: number) => (mix(frame) % 1000 < 20 ? ('lose' as const) : ('arrive' as const));
    const open = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [1000 + index, 'open' as const]));
    const { clock, deps } = world({ '10.0.0.1': { tcp: open } }, { fate });
    const job = jobOf({ targets: '10.0.0.1', ports: '1-2000', ...fast, assumeAlive: true });
    const { events } = await collectFake(clock, job, deps);
    expect(ofType(events, 'port').length).toBe(200);
  });

  test('whatever the wire does, each port of each host is told once and rightly', async () => {
    const fates = fc.array(fc.constantFrom('arrive', 'arrive', 'arrive', 'double', 'late'), {
      minLength: 20,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(fates, async (list) => {
        const fate = (frame: number) => list[frame % list.length] as 'arrive' | 'double' | 'late';
        const { clock, deps, wire } = world(
          { '10.0.0.1': { tcp: { 5: 'open' } }, '10.0.0.2': { tcp: { 6: 'open' } } },
          { fate },
        );
        const { events } = await collectFake(clock, jobOf({ targets: '10.0.0.0/30', ...fast }), deps);
        expect(
          ofType(events, 'port')
            .map(({ address, port }) => `${address}:${port}`)
            .sort(),
        ).toEqual(['10.0.0.1:5', '10.0.0.2:6']);
        const asked = new Set(wire.probed);
        expect(asked.size).toBe(60);
      }),
      { numRuns: 12 },
    );
  });
});

describe('the scope of packets', () => {
  test('each port of each allowed address gets a packet, no other address any, whatever is excluded or forbidden', async () => {
    const all = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`10.0.0.${index}`, {}]));
    const { clock, deps, wire } = world(all);
    const job = jobOf({ targets: '10.0.0.0/28', exclude: '10.0.0.3,10.0.0.8-10.0.0.9', ...fast });
    await collectFake(clock, job, { ...deps, localAllowList: setOf('10.0.0.0-10.0.0.11') });
    const allowed = [0, 1, 2, 4, 5, 6, 7, 10, 11];
    const wanted = allowed.flatMap((host) => manyPorts.map((port) => `tcp 10.0.0.${host}:${port}`));
    expect(wire.probed).toEqual(wanted.sort());
    const touched = new Set(wire.packets.map(({ address }) => address));
    expect([...touched].sort()).toEqual(allowed.map((host) => `10.0.0.${host}`).sort());
  });

  test('a dry run lists what is sent: discovery within it, each port of each host exactly', async () => {
    const hosts = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`10.1.0.${index}`, { echo: index % 2 === 0 }]),
    );
    const { clock, deps, wire } = world(hosts);
    const job = jobOf({ targets: '10.1.0.0/29', exclude: '10.1.0.3', ports: '1000-1030', ...fast });
    await collectFake(clock, job, deps);
    const planned = [...dryRun(job, { localAllowList: null, seed: 1, raw: true })];
    const names = (probes: typeof planned) =>
      probes.map(({ protocol, address, port }) => `${protocol} ${address}:${port}`);
    const inPorts = names(planned.filter(({ phase }) => phase === 'ports'));
    expect(new Set(inPorts).size).toBe(inPorts.length);
    const asked = wire.probed.filter((name) => !name.startsWith('icmp'));
    expect(asked.filter((name) => Number(name.split(':')[1]) >= 1000 && inPorts.includes(name))).toEqual(
      inPorts.sort(),
    );
    expect(asked.filter((name) => !names(planned).includes(name))).toEqual([]);
  });

  test('an exchange with an address out of scope sends nothing', async () => {
    const { clock, wire } = world({ '10.0.0.7': { echo: true } });
    const { client, close } = clientOn(wire, clock, '10.0.0.1');
    const request = { probe: { kind: 'icmp-echo' } as const, timeoutMs: 100, signal: new AbortController().signal };
    expect(await clock.drive(client.exchange({ ...request, address: '10.0.0.7' }))).toEqual([]);
    expect(wire.packets).toEqual([]);
    await clock.drive(close());
  });

  test('a request for addresses out of scope sends nothing and finds nothing', async () => {
    const { clock, wire } = world({ '10.0.0.7': {} });
    const { client, close, control } = clientOn(wire, clock, '10.0.0.1');
    const found: unknown[] = [];
    const signal = new AbortController().signal;
    const scan = { list: 'ports' as const, addresses: setOf('10.0.0.4-10.0.0.9'), signal, onEnd: () => {} };
    await clock.drive(client.scan({ ...scan, onRecord: (record) => found.push(record) }));
    expect({ found, packets: wire.packets }).toEqual({ found: [], packets: [] });
    expect(control.read('outOfScope')).toBeGreaterThan(0);
    await clock.drive(close());
  });
});

describe('steering packets', () => {
  test('while paused nothing is sent, and afterwards nothing is repeated or skipped', async () => {
    const { clock, deps, wire } = world({ '10.0.0.1': {} });
    const pause = new PauseGate();
    const job = jobOf({ targets: '10.0.0.1', ports: '1-500', profile: profiles.normal });
    const started = clock.monotonic();
    void clock.sleep(1000).then(() => pause.pause());
    void clock.sleep(31_000).then(() => pause.resume());
    await collectFake(clock, job, deps, { signal: new AbortController().signal, pause });
    const times = wire.packets.map(({ at }) => at - started);
    expect(times.filter((at) => at > 1021 && at < 31_000)).toEqual([]);
    expect(times.some((at) => at >= 31_000)).toBe(true);
    expect(wire.probed.length).toBe(500);
    expect(new Set(wire.probed).size).toBe(500);
  });

  test('after a cancel nothing is sent', async () => {
    const { clock, deps, wire } = world({ '10.0.0.1': {} });
    const abort = new AbortController();
    const job = jobOf({ targets: '10.0.0.1', ports: '1-5000', profile: profiles.normal });
    void clock.sleep(2000).then(() => abort.abort());
    const { outcome } = await collectFake(clock, job, deps, { signal: abort.signal, pause: new PauseGate() });
    expect(outcome.outcome).toBe('stopped');
    expect(wire.packets.at(-1)?.at).toBeLessThan(2030);
    expect(wire.closed).toBe(true);
  });

  test('nothing is sent outside the window, even before anybody notices that it closed', async () => {
    const { clock, deps, wire } = world({ '10.0.0.1': {} });
    const opens = clock.now() + 5000;
    const window = { notBeforeMs: opens, notAfterMs: opens + 1000 };
    const job = jobOf({ targets: '10.0.0.1', ports: '1-5000', profile: profiles.normal }, { window });
    const { outcome } = await collectFake(clock, job, deps);
    expect(outcome).toMatchObject({ outcome: 'stopped', reason: 'window-closed' });
    const times = wire.packets.map(({ at }) => at);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(5000);
    expect(Math.max(...times)).toBeLessThan(6000);
  });

  test('no second sees more packets to a host, or in all, than the profile allows', async () => {
    const hosts = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`10.0.0.${index}`, {}]));
    const { clock, deps, wire } = world(hosts);
    const profile = { ...profiles.normal, packetsPerSecond: 400, packetsPerSecondPerHost: 90 };
    await collectFake(clock, jobOf({ targets: '10.0.0.0/29', ports: '1-300', profile }), deps);
    const times = wire.packets.map(({ at }) => at);
    expect(busiestSecond(times)).toBeLessThanOrEqual(400);
    const one = wire.packets.filter(({ address }) => address === '10.0.0.3').map(({ at }) => at);
    expect(busiestSecond(one)).toBeLessThanOrEqual(91);
  });

  test('an interface that goes away makes units not evaluable and ends the run', async () => {
    const { clock, deps } = world({ '10.0.0.1': {} }, { sendFault: (call) => (call > 10 ? -100 : 0) });
    const { events } = await collectFake(clock, jobOf({ targets: '10.0.0.1', ports: '1-500', ...fast }), deps);
    const ends = ofType(events, 'unit').filter(({ state }) => state !== 'running');
    expect(ends.some(({ state, detail }) => state === 'not-evaluable' && /errno 100/.test(detail ?? ''))).toBe(true);
  });
});

describe('options of packets', () => {
  test('frames carry the VLAN that was asked for', async () => {
    const { clock, deps, wire } = world({ '10.0.0.1': {} }, { options: { vlan: 7 } });
    await collectFake(clock, jobOf({ targets: '10.0.0.1', ports: '80', ...fast }), deps);
    expect(wire.packets.length).toBeGreaterThan(0);
    expect(wire.packets.every(({ vlan }) => vlan === 7)).toBe(true);
  });
});

function busiestSecond(times: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [index, at] of times.entries()) {
    while ((times[first] ?? at) <= at - 1000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
