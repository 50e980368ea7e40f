import { engineEvent, unitKey } from '@picket/contracts/event';
import { discoveryPorts } from '@picket/plan/plan';
import { profiles } from '@picket/plan/profile';
import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, test } from 'vitest';
import { LeaseTerm } from '../gate/lease-term.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import { runJob } from './run-job.ts';
import type { IdentifyService, RunChecks } from './stages.ts';
import { type FakeHost, FakeNetwork } from '../testing/fake-network.ts';
import { collect, collectFake, depsOf, jobOf, ofType, setOf, unitEnds } from '../testing/run-on.ts';

const hosts: Readonly<Record<string, FakeHost>> = {
  '10.0.0.1': { tcp: { 22: 'open', 25: 'reset', 7: 'drop' } },
  '10.0.0.3': { tcp: { 443: 'drop', 8443: 'open', 5: 'open' }, otherTcp: 'drop' },
  '10.0.0.4': { otherTcp: 'unreachable' },
};
const identify: IdentifyService = async ({ port }, { dialer, clock }) => {
  await clock.sleep(5);
  await dialer.connectTcp({ address: '10.0.0.1', port, timeoutMs: 100 });
  return { service: `on-${port}`, cpes: [], confidence: 1, method: 'probe' };
};
const checks: RunChecks = async function* ({ address, services }) {
  yield { type: 'checked', address, contentVersion: '1', passed: ['a', 'b'], notEvaluable: [] };
  for (const { port } of services) {
    const where = { address, protocol: 'tcp', port } as const;
    yield {
      type: 'finding',
      ...where,
      check: 'c',
      contentVersion: '1',
      name: 'C',
      severity: 'low',
      proof: 'behaviour',
      instance: '',
      evidence: {},
    };
  }
};

function setUp(table: Readonly<Record<string, FakeHost>> = hosts) {
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const network = new FakeNetwork(clock, table);
  return { clock, network, deps: depsOf(clock, network) };
}

function steer() {
  const abort = new AbortController();
  const pause = new PauseGate();
  return { abort, pause, control: { signal: abort.signal, pause } };
}

test('a scan finds the hosts that answer, their ports and how the rest answered', async () => {
  const { clock, deps } = setUp();
  const { events, outcome } = await collectFake(clock, jobOf({ targets: '10.0.0.0/29' }), deps);
  expect(outcome).toEqual({ outcome: 'complete' });
  const up = ofType(events, 'host').map(({ address, state, reason }) => `${address} ${state} ${reason}`);
  expect(up.sort()).toEqual(['10.0.0.1 up rst', '10.0.0.3 up syn-ack']);
  const open = ofType(events, 'port').map(
    ({ address, port, state, reason }) => `${address}:${port} ${state} ${reason}`,
  );
  expect(open.sort()).toEqual(['10.0.0.1:22 open accepted', '10.0.0.1:25 open reset', '10.0.0.3:5 open accepted']);
  expect(unitEnds(events)).toEqual(['discovery/10.0.0.0-10.0.0.7 done', 'ports/10.0.0.1 done', 'ports/10.0.0.3 done']);
  const ports = ofType(events, 'unit').find(
    (event) => unitKey(event.unit) === 'ports/10.0.0.1' && event.state === 'done',
  );
  expect(ports?.counts).toEqual({ tested: 30, open: 2, closed: 27, filtered: 1 });
  expect(ports?.coverage).toEqual([{ protocol: 'tcp', tested: '1-30', closed: '1-6,8-21,23-24,26-30', filtered: '7' }]);
});

test('every event is valid by the contract, and facts stand between the start and the end of their unit', async () => {
  const { clock, deps } = setUp();
  const job = jobOf({ targets: '10.0.0.0/29', services: true, checks: true });
  const { events } = await collectFake(clock, job, { ...deps, identify, checks });
  const state = new Map<string, string>();
  const misplaced: unknown[] = [];
  for (const event of events) {
    engineEvent.parse(event);
    const key = unitKey(event.unit);
    if (event.type === 'stats') continue;
    const starts = event.type === 'unit' && event.state === 'running';
    if (state.get(key) !== (starts ? undefined : 'running')) misplaced.push(event);
    if (event.type === 'unit') state.set(key, event.state);
  }
  expect(misplaced).toEqual([]);
  expect([...state.values()].every((value) => value === 'done')).toBe(true);
  expect(state.size).toBe(9);
});

test('services and checks follow the open ports', async () => {
  const { clock, deps } = setUp();
  const job = jobOf({ targets: '10.0.0.1', services: true, checks: true });
  const { events } = await collectFake(clock, job, { ...deps, identify, checks });
  expect(
    ofType(events, 'service')
      .map(({ port, service }) => `${port} ${service}`)
      .sort(),
  ).toEqual(['22 on-22', '25 on-25']);
  expect(
    ofType(events, 'finding')
      .map(({ port }) => port)
      .sort(),
  ).toEqual([22, 25]);
  const end = ofType(events, 'unit').find((event) => event.unit.phase === 'checks' && event.state === 'done');
  expect(end?.counts).toEqual({ run: 2, findings: 2, notEvaluable: 0 });
});

test('discovery stops asking a host that has answered', async () => {
  const { clock, network, deps } = setUp({ '10.0.0.1': {} });
  await collectFake(clock, jobOf({ kind: 'map', targets: '10.0.0.1' }), deps);
  expect(network.dials.length).toBeLessThanOrEqual(profiles.normal.connectionsPerHost);
});

test('a silent address is asked on every discovery port once, and told when it was named alone', async () => {
  const { clock, network, deps } = setUp({});
  const { events } = await collectFake(clock, jobOf({ kind: 'map', targets: '10.0.0.9' }), deps);
  expect(network.dials.map(({ port }) => port).sort()).toEqual([...discoveryPorts].sort());
  expect(ofType(events, 'host')).toMatchObject([{ address: '10.0.0.9', state: 'silent', reason: 'no-answer' }]);
});

test('a plan with few ports is its own discovery and asks nothing twice', async () => {
  const { clock, network, deps } = setUp({ '10.0.0.1': { tcp: { 80: 'open' } }, '10.0.0.2': { otherTcp: 'drop' } });
  const { events } = await collectFake(
    clock,
    jobOf({ targets: '10.0.0.0/30', ports: '80,81', profile: { ...profiles.normal, retries: 0 } }),
    deps,
  );
  expect(network.dialed).toEqual([...new Set(network.dialed)]);
  expect(network.dials).toHaveLength(8);
  expect(ofType(events, 'host')).toMatchObject([{ address: '10.0.0.1', state: 'up', reason: 'syn-ack', port: 80 }]);
  expect(ofType(events, 'port')).toMatchObject([{ port: 80, unit: { phase: 'ports' } }]);
});

test('loopback is this machine: up without a question', async () => {
  const { clock, network, deps } = setUp({});
  const { events } = await collectFake(clock, jobOf({ kind: 'map', targets: '127.0.0.1,::1' }), deps);
  expect(ofType(events, 'host').map(({ reason }) => reason)).toEqual(['local', 'local']);
  expect(network.dials).toEqual([]);
});

test('an assumed host that stays silent is told so, and its later phases are not evaluable', async () => {
  const { clock, deps } = setUp({});
  const job = jobOf({ targets: '10.0.0.9', assumeAlive: true, services: true, checks: true });
  const { events } = await collectFake(clock, job, { ...deps, identify, checks });
  expect(ofType(events, 'host').map(({ state, reason }) => `${state} ${reason}`)).toEqual([
    'up assumed',
    'silent no-answer',
  ]);
  expect(unitEnds(events)).toEqual([
    'checks/10.0.0.9 not-evaluable host-silent',
    'discovery/10.0.0.9 done',
    'os/10.0.0.9 not-evaluable host-silent',
    'ports/10.0.0.9 done',
    'services/10.0.0.9 not-evaluable host-silent',
  ]);
});

test('a silent port is asked again, and an answer then lowers the rate', async () => {
  const { clock, network, deps } = setUp({ '10.0.0.1': { tcp: { 9: { lose: 1, after: 'open' } } } });
  const { events } = await collectFake(clock, jobOf({ targets: '10.0.0.1' }), deps);
  expect(ofType(events, 'port').map(({ port }) => port)).toEqual([9]);
  expect(network.dials.filter(({ port }) => port === 9)).toHaveLength(2);
});

test('UDP ports are open on an answer, closed when refused, open|filtered in silence', async () => {
  const { clock, deps } = setUp({ '10.0.0.1': { udp: { 53: 'hello', 161: null } } });
  const { events } = await collectFake(clock, jobOf({ targets: '10.0.0.1', ports: 'U:53,161,162' }), deps);
  expect(
    ofType(events, 'port')
      .map(({ port, state }) => `${port} ${state}`)
      .sort(),
  ).toEqual(['161 open|filtered', '53 open']);
  const end = ofType(events, 'unit').find((event) => event.coverage);
  expect(end?.coverage).toEqual([{ protocol: 'udp', tested: '53,161-162', closed: '162', filtered: '161' }]);
});

test('names come from the target and from the resolver, whose trouble holds nothing up', async () => {
  const { clock, deps } = setUp({ '10.0.0.1': {}, '10.0.0.2': {} });
  const resolver = {
    reverse: (address: string) =>
      address === '10.0.0.1' ? Promise.resolve(['ptr.example']) : new Promise<string[]>(() => {}),
  };
  const job = jobOf({ kind: 'map', targets: 'a.example,10.0.0.2', resolved: new Map([['a.example', ['10.0.0.1']]]) });
  const { events } = await collectFake(clock, job, { ...deps, resolver });
  const told = (address: string) =>
    ofType(events, 'host').flatMap((event) => (event.address === address ? [event.names] : []));
  const typed = { name: 'a.example', source: 'target' };
  expect(told('10.0.0.1')).toEqual([[typed], [typed, { name: 'ptr.example', source: 'ptr' }]]);
  expect(told('10.0.0.2')).toEqual([undefined]);
});

test('a stage that throws costs its unit, with a note, and nothing else', async () => {
  const { clock, deps } = setUp();
  const broken: RunChecks = async function* () {
    yield* [];
    throw new Error('kaput');
  };
  const job = jobOf({ targets: '10.0.0.1,10.0.0.3', services: true, checks: true });
  const { events, outcome } = await collectFake(clock, job, { ...deps, identify, checks: broken });
  expect(unitEnds(events).filter((text) => text.startsWith('checks'))).toEqual([
    'checks/10.0.0.1 not-evaluable internal-error',
    'checks/10.0.0.3 not-evaluable internal-error',
  ]);
  expect(ofType(events, 'note').map(({ code }) => code)).toEqual(['engine.stage-failed', 'engine.stage-failed']);
  expect(outcome).toMatchObject({ outcome: 'incomplete', reason: 'internal-error' });
});

test('an identification that throws leaves the port known, and the others identified', async () => {
  const { clock, deps } = setUp();
  const half: IdentifyService = (target, tools) =>
    target.port === 22 ? Promise.reject(new Error('kaput')) : identify(target, tools);
  const { events } = await collectFake(clock, jobOf({ targets: '10.0.0.1', services: true }), {
    ...deps,
    identify: half,
  });
  expect(
    ofType(events, 'service')
      .map(({ port, service }) => `${port} ${service}`)
      .sort(),
  ).toEqual(['22 unknown', '25 on-25']);
  expect(unitEnds(events)).toContain('services/10.0.0.1 not-evaluable internal-error');
});

test('an identification that hangs is ended by its budget', async () => {
  const { clock, deps } = setUp();
  const { events, outcome } = await collectFake(clock, jobOf({ targets: '10.0.0.1', services: true }), {
    ...deps,
    identify: () => new Promise(() => {}),
  });
  expect(ofType(events, 'note')[0]?.code).toBe('engine.identify-timeout');
  expect(outcome.outcome).toBe('complete');
});

test('what the local allow-list forbids is not evaluable, and nothing is sent there', async () => {
  const { clock, network, deps } = setUp();
  const job = jobOf({ targets: '10.0.0.0/29,10.1.0.1' });
  const { events } = await collectFake(clock, job, { ...deps, localAllowList: setOf('10.0.0.0-10.0.0.2') });
  expect(unitEnds(events)).toContain('discovery/10.1.0.1 not-evaluable scope-denied');
  expect(new Set(network.dials.map(({ address }) => address))).toEqual(new Set(['10.0.0.0', '10.0.0.1', '10.0.0.2']));
});

test('a cancel ends the run at once: open units are cancelled, no socket stays', async () => {
  const { clock, network, deps } = setUp();
  const { abort, control } = steer();
  let cancelledAt = Number.NaN;
  const { events, outcome } = await collectFake(
    clock,
    jobOf({ targets: '10.0.0.0/24', ports: '1-1000' }),
    deps,
    control,
    (event) => {
      if (event.type !== 'port') return;
      cancelledAt = clock.monotonic();
      abort.abort('user asked');
    },
  );
  expect(clock.monotonic() - cancelledAt).toBeLessThan(1000);
  expect(outcome).toEqual({ outcome: 'stopped', reason: 'cancelled', detail: 'user asked' });
  const ends = unitEnds(events);
  expect(ends).toContain('discovery/10.0.0.0-10.0.0.255 cancelled cancelled');
  expect(ends).toContain('ports/10.0.0.1 cancelled cancelled');
  expect(ends.every((text) => text.endsWith('cancelled cancelled'))).toBe(true);
  expect(network.open).toBe(0);
});

test('leaving the loop early closes everything too', async () => {
  const { clock, network, deps } = setUp();
  const { control } = steer();
  const run = runJob(jobOf({ targets: '10.0.0.0/24' }), deps, control);
  await clock.drive(run.next());
  await clock.drive(run.return({ outcome: 'stopped' }));
  expect(network.open).toBe(0);
});

test('at the deadline everything that is left is not evaluable, block and host', async () => {
  const { clock, deps } = setUp();
  const job = jobOf(
    { targets: '10.0.0.0/24,10.0.4.0/24', ports: '1-1000', services: true },
    { deadlineMs: clock.now() + 1500 },
  );
  const { events, outcome } = await collectFake(clock, job, { ...deps, identify });
  expect(outcome).toEqual({ outcome: 'incomplete', reason: 'deadline' });
  const ends = unitEnds(events);
  expect(ends).toContain('discovery/10.0.4.0-10.0.4.255 not-evaluable deadline');
  expect(ends).toContain('ports/10.0.0.1 not-evaluable deadline');
  expect(ends).toContain('services/10.0.0.1 not-evaluable deadline');
  expect(ends.every((text) => !text.includes('cancelled'))).toBe(true);
});

test('a lease that ends unrenewed stops the run and leaves its units to others; a renewed one goes on', async () => {
  const { clock, deps } = setUp();
  const { control } = steer();
  const lease = new LeaseTerm(clock.now() + 500);
  const job = jobOf({ targets: '10.0.0.0/24' });
  const ended = await collectFake(clock, job, deps, { ...control, lease });
  expect(ended.outcome).toEqual({ outcome: 'stopped', reason: 'lease-expired' });
  expect(unitEnds(ended.events)).toContain('discovery/10.0.0.0-10.0.0.255 cancelled lease-expired');
  const renewed = new LeaseTerm(clock.now() + 500);
  renewed.renew(clock.now() + 3_600_000);
  expect((await collectFake(clock, job, deps, { ...control, lease: renewed })).outcome.outcome).toBe('complete');
});

test('at the end of its window a run stops, keeps what it found and leaves the rest to another lease', async () => {
  const { clock, network, deps } = setUp();
  const closes = clock.now() + 1500;
  const job = jobOf(
    { targets: '10.0.0.0/24,10.0.4.0/24', ports: '1-1000', services: true },
    { window: { notBeforeMs: 0, notAfterMs: closes }, deadlineMs: closes + 3_600_000 },
  );
  const { events, outcome } = await collectFake(clock, job, { ...deps, identify });
  expect(outcome).toEqual({ outcome: 'stopped', reason: 'window-closed' });
  expect(clock.now()).toBeLessThan(closes + 1000);
  const ends = unitEnds(events);
  expect(ends).toContain('ports/10.0.0.1 cancelled window-closed');
  expect(ends.filter((text) => text.includes('not-evaluable'))).toEqual([]);
  expect(network.open).toBe(0);
});

test('a run waits for its window and sends nothing before', async () => {
  const { clock, network, deps } = setUp();
  const opens = clock.now() + 3_600_000;
  const job = jobOf({ targets: '10.0.0.1' }, { window: { notBeforeMs: opens, notAfterMs: opens + 3_600_000 } });
  expect((await collectFake(clock, job, deps)).outcome.outcome).toBe('complete');
  expect(network.dials[0]?.at).toBeGreaterThanOrEqual(3_600_000);
});

test('a pause holds everything and neither repeats nor skips', async () => {
  const plain = setUp();
  // Taken for hosts: with discovery, how many questions an answer spares depends on the moment it comes.
  const job = jobOf({ targets: '10.0.0.0/29', assumeAlive: true, services: true });
  await collectFake(plain.clock, job, { ...plain.deps, identify });
  const { clock, network, deps } = setUp();
  const { pause, control } = steer();
  let pauses = 0;
  const { outcome } = await collectFake(clock, job, { ...deps, identify }, control, () => {
    if (pauses++ > 20) return;
    pause.pause();
    void clock.sleep(60_000).then(() => pause.resume());
  });
  expect(outcome.outcome).toBe('complete');
  expect(network.dialed).toEqual(plain.network.dialed);
  expect(clock.monotonic()).toBeGreaterThan(60_000);
});

test('a consumer that stops reading stops the scan', async () => {
  const everyPort: FakeHost = { otherTcp: 'open' };
  const { clock, network, deps } = setUp({ '10.0.0.1': everyPort });
  const { abort, control } = steer();
  const run = runJob(
    jobOf({ targets: '10.0.0.1', ports: 'all', assumeAlive: true, profile: profiles.lab }),
    deps,
    control,
  );
  await clock.drive(run.next());
  await clock.advance(60_000);
  const held = network.dials.length;
  expect(held).toBeLessThan(1024 + 2 * 256);
  for (let read = 0; read < 600; read += 1) await clock.drive(run.next());
  await clock.advance(60_000);
  expect(network.dials.length).toBeGreaterThan(held);
  abort.abort();
  await clock.drive(run.return({ outcome: 'stopped' }));
});

test('statistics come about once a second and at the end', async () => {
  const { clock, network, deps } = setUp();
  const { events } = await collectFake(clock, jobOf({ targets: '10.0.0.0/26' }), deps);
  const stats = ofType(events, 'stats');
  expect(stats.length).toBeGreaterThanOrEqual(Math.floor(clock.monotonic() / 1000));
  expect(stats.at(-1)?.connections).toBe(network.dials.length);
});

test('sockets are few while a large range is silent, and memory does not grow with it', async () => {
  const { clock, network, deps } = setUp({});
  const { abort, control } = steer();
  const run = collect(jobOf({ kind: 'map', targets: '10.0.0.0/8', profile: profiles.fast }), deps, control);
  await clock.advance(1500);
  abort.abort();
  await clock.drive(run);
  expect(network.peakOpen).toBeLessThanOrEqual(2000);
  expect(network.open).toBe(0);
});

test('a limit that a jump of the clock has passed ends the run with that limit, not with ports that were denied', async () => {
  const { clock, network } = setUp();
  let jump = 0;
  const jumping = {
    now: () => clock.now() + jump,
    monotonic: () => clock.monotonic(),
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
  };
  const job = jobOf(
    { targets: '10.0.0.1', ports: '1-500', assumeAlive: true },
    { deadlineMs: clock.now() + 3_600_000 },
  );
  const { events, outcome } = await collectFake(clock, job, depsOf(jumping, network), undefined, (event) => {
    if (event.type === 'port') jump = 7_200_000;
  });
  expect(outcome).toEqual({ outcome: 'incomplete', reason: 'deadline' });
  expect(unitEnds(events)).toContain('ports/10.0.0.1 not-evaluable deadline');
});
