import { profiles } from '@picket/plan/profile';
import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, test } from 'vitest';
import { Governor } from './governor.ts';
import { LeaseTerm } from './lease-term.ts';
import { JobLimits } from './limits.ts';
import { PauseGate } from './pause-gate.ts';
import { scopeOf } from './scope.ts';
import { ScopeGate } from './scope-gate.ts';
import { FakeNetwork, type FakeHost } from '../testing/fake-network.ts';
import { setOf } from '../testing/run-on.ts';

const hostA: FakeHost = {
  tcp: { 22: { banner: 'SSH-2.0-x\r\n' }, 80: 'open', 81: 'reset', 82: 'drop' },
  udp: { 53: 'answer', 54: null },
};

function setUp(
  options: { allow?: string; limits?: Partial<ConstructorParameters<typeof JobLimits>[0]>; lease?: LeaseTerm } = {},
) {
  const clock = new FakeClock(1_000_000);
  const network = new FakeNetwork(clock, { '10.0.0.1': hostA, '10.0.0.2': {}, '10.0.9.9': hostA });
  const pause = new PauseGate();
  const abort = new AbortController();
  const scope = scopeOf(
    { blocks: setOf('10.0.0.0/24', 'fd00::1'), exclusions: setOf('10.0.0.66') },
    options.allow ? setOf(options.allow) : null,
  );
  const governor = new Governor({ profile: profiles.normal, clock, pause, signal: abort.signal });
  const met: string[] = [];
  const limits = new JobLimits({ deadlineMs: null, window: null, ...options.limits }, options.lease, clock);
  const gate = new ScopeGate({
    sockets: network,
    allowed: scope.allowed,
    governor,
    limits,
    pause,
    clock,
    signal: abort.signal,
    onLimit: (reason) => met.push(reason),
  });
  return { met, clock, network, pause, abort, gate, governor };
}

const request = (address: string, port = 80) => ({ address, port, timeoutMs: 1000 });

test.each(['10.0.1.1', '10.0.0.66', 'fd00::2', '::ffff:10.0.0.1', 'localhost', '010.0.0.1', '10.0.0.1%lo', ''])(
  'nothing is sent to %j, which the scope does not have',
  async (address) => {
    const { gate, network } = setUp();
    const dialed = await gate.session(address).dialer.connectTcp(request(address));
    expect(dialed).toMatchObject({ ok: false, error: { kind: 'scope' } });
    expect(
      await gate.session(address).dialer.exchangeUdp({ ...request(address), payload: new Uint8Array(1) }),
    ).toMatchObject({ error: { kind: 'scope' } });
    expect((await gate.probeTcp(request(address))).state).toBe('denied');
    expect(network.dials).toEqual([]);
  },
);

test('the local allow-list has the last word', async () => {
  const { gate, network } = setUp({ allow: '10.0.0.2-10.0.9.255' });
  expect((await gate.probeTcp(request('10.0.0.1'))).state).toBe('denied');
  expect((await gate.probeTcp(request('10.0.9.9'))).state).toBe('denied');
  expect(network.dials).toEqual([]);
});

test('a session reaches its own host only, even inside the scope', async () => {
  const { gate, network } = setUp();
  expect(await gate.session('10.0.0.1').dialer.connectTcp(request('10.0.0.2'))).toMatchObject({
    error: { kind: 'scope' },
  });
  expect(network.dials).toEqual([]);
});

test('ports answer as they are: open, reset after the accept, closed, silent, UDP', async () => {
  const { gate, clock } = setUp();
  const probe = (port: number) => clock.drive(gate.probeTcp(request('10.0.0.1', port)));
  expect(await probe(80)).toEqual({ state: 'open', reason: 'accepted', rttMs: 1 });
  expect(await probe(81)).toMatchObject({ state: 'open', reason: 'reset' });
  expect(await probe(83)).toMatchObject({ state: 'closed', reason: 'refused' });
  expect(await probe(82)).toEqual({ state: 'silent', reason: 'no-answer' });
  const udp = (port: number) =>
    clock.drive(gate.probeUdp({ ...request('10.0.0.1', port), payload: new Uint8Array(0) }));
  expect(await udp(53)).toMatchObject({ state: 'open', reason: 'udp-answer' });
  expect(await udp(54)).toMatchObject({ state: 'silent' });
  expect(await udp(55)).toMatchObject({ state: 'closed' });
});

test('sends are counted per host: the handshake and its end, repeats of the kernel, writes', async () => {
  const { gate, clock, governor } = setUp();
  await clock.drive(gate.probeTcp(request('10.0.0.1', 83)));
  expect(governor.stats().packetsSent).toBe(1);
  await clock.drive(gate.probeTcp(request('10.0.0.1', 80)));
  expect(governor.stats().packetsSent).toBe(4);
  await clock.drive(gate.probeTcp({ ...request('10.0.0.1', 82), timeoutMs: 2500 }));
  expect(governor.stats()).toMatchObject({ packetsSent: 7, timeouts: 1, answers: 2 });
  const session = gate.session('10.0.0.1');
  const connected = await clock.drive(session.dialer.connectTcp(request('10.0.0.1', 22)));
  if (connected.ok) await connected.value.write(new Uint8Array(3000));
  expect(governor.stats()).toMatchObject({ packetsSent: 12, busiestHost: { address: '10.0.0.1', packets: 12 } });
  session.close();
});

test('closing a session closes its connections and gives their places back', async () => {
  const { gate, clock, network, governor } = setUp();
  const session = gate.session('10.0.0.1');
  await clock.drive(session.dialer.connectTcp(request('10.0.0.1', 22)));
  await clock.drive(session.dialer.connectTcp(request('10.0.0.1', 80)));
  expect([network.open, governor.inFlight]).toEqual([2, 2]);
  session.close();
  expect([network.open, governor.inFlight]).toEqual([0, 0]);
});

test('an abort of the run cancels dials under way and destroys connections', async () => {
  const { gate, clock, network, abort } = setUp();
  const session = gate.session('10.0.0.1');
  await clock.drive(session.dialer.connectTcp(request('10.0.0.1', 22)));
  const pending = gate.probeTcp(request('10.0.0.1', 82));
  await clock.advance(10);
  expect(network.open).toBe(2);
  abort.abort();
  expect((await pending).state).toBe('cancelled');
  expect(network.open).toBe(0);
});

test.each([
  ['deadline', { limits: { deadlineMs: 1_000_500 } }],
  ['window-closed', { limits: { window: { notBeforeMs: 0, notAfterMs: 1_000_500 } } }],
  ['lease-expired', { lease: new LeaseTerm(1_000_500) }],
])('nothing is sent after the %s, not even on open connections', async (detail, options) => {
  const { gate, clock, network, met } = setUp(options);
  const connected = await clock.drive(gate.session('10.0.0.1').dialer.connectTcp(request('10.0.0.1', 22)));
  expect(connected.ok).toBe(true);
  await clock.advance(600);
  expect(await gate.probeTcp(request('10.0.0.1'))).toEqual({ state: 'denied', detail });
  expect(met).toEqual([detail]);
  expect(connected.ok && (await connected.value.write(new Uint8Array(1)))).toMatchObject({
    ok: false,
    error: { kind: 'scope', detail },
  });
  expect(network.dials).toHaveLength(1);
});

test('nothing is sent before the window opens', async () => {
  const { gate, clock, network } = setUp({ limits: { window: { notBeforeMs: 1_000_500, notAfterMs: 2_000_000 } } });
  const probing = gate.probeTcp(request('10.0.0.1'));
  await clock.advance(400);
  expect(network.dials).toEqual([]);
  expect(await clock.drive(probing)).toMatchObject({ state: 'open' });
  expect(network.dials[0]?.at).toBe(500);
});

test('a renewed lease goes on', async () => {
  const lease = new LeaseTerm(1_000_500);
  const { gate, clock } = setUp({ lease });
  lease.renew(1_010_000);
  await clock.advance(600);
  expect((await clock.drive(gate.probeTcp(request('10.0.0.1')))).state).toBe('open');
});

test('writes wait while the job is paused', async () => {
  const { gate, clock, pause } = setUp();
  const connected = await clock.drive(gate.session('10.0.0.1').dialer.connectTcp(request('10.0.0.1', 22)));
  pause.pause();
  let written = false;
  if (connected.ok)
    void connected.value.write(new Uint8Array(1)).then(() => {
      written = true;
    });
  await clock.advance(5000);
  expect(written).toBe(false);
  pause.resume();
  await clock.advance(1);
  expect(written).toBe(true);
});

test('when this machine is short of descriptors the dial is tried again and the port not lost', async () => {
  const { gate, clock, network } = setUp();
  network.localFault = (dial) => (dial < 3 ? 'EMFILE' : null);
  expect(await clock.drive(gate.probeTcp(request('10.0.0.1')))).toMatchObject({ state: 'open' });
  expect(network.dials).toHaveLength(4);
});

test('when there is no source address of the family the target is unreachable', async () => {
  const { gate, clock, network } = setUp();
  network.localFault = () => 'EADDRNOTAVAIL';
  expect(await clock.drive(gate.probeTcp(request('fd00::1')))).toEqual({ state: 'silent', reason: 'unreachable' });
});
