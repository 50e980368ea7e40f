import { type Profile, profiles } from '@picket/plan/profile';
import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, test } from 'vitest';
import { Governor, type Permit } from './governor.ts';
import { PauseGate } from './pause-gate.ts';

function setUp(profile: Partial<Profile> = {}, maxInFlight?: number) {
  const clock = new FakeClock();
  const pause = new PauseGate();
  const abort = new AbortController();
  const governor = new Governor({
    profile: { ...profiles.normal, ...profile },
    clock,
    pause,
    signal: abort.signal,
    ...(maxInFlight === undefined ? {} : { maxInFlight }),
  });
  return { clock, pause, abort, governor };
}

/** Sends `count` packets to each address, one attempt at a time, and gives the times. */
async function send(governor: Governor, clock: FakeClock, address: string, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const permit = await governor.admit(address);
    times.push(clock.monotonic());
    permit?.end();
  }
  return times;
}

test('a host gets its rate and no more, with a burst of at most 20 ms', async () => {
  const { clock, governor } = setUp({ packetsPerSecondPerHost: 100 });
  const times = await clock.drive(send(governor, clock, '10.0.0.1', 201));
  expect(times.at(-1)).toBeGreaterThanOrEqual(1980);
  expect(times.at(-1)).toBeLessThanOrEqual(2100);
  const firstSecond = times.filter((time) => time < 1000).length;
  expect(firstSecond).toBeLessThanOrEqual(102);
});

test('all hosts together keep to the rate of the scan and get equal shares', async () => {
  const { clock, governor } = setUp({ packetsPerSecond: 100, packetsPerSecondPerHost: 1000 });
  const counts = new Map<string, number>();
  const flood = async (address: string) => {
    while (clock.monotonic() < 1000) {
      const permit = await governor.admit(address);
      counts.set(address, (counts.get(address) ?? 0) + 1);
      permit?.end();
    }
  };
  await clock.drive(Promise.all(['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map(flood)));
  const values = [...counts.values()];
  expect(values.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(107);
  expect(Math.max(...values) - Math.min(...values)).toBeLessThanOrEqual(1);
});

test('connections that stay open count against the connections of their host until they end', async () => {
  const { clock, governor } = setUp({ connectionsPerHost: 2 });
  const held: Permit[] = [];
  for (let index = 0; index < 2; index += 1) {
    const permit = await clock.drive(governor.admit('10.0.0.1'));
    permit?.hold();
    if (permit) held.push(permit);
  }
  let third: Permit | null = null;
  void governor.admit('10.0.0.1').then((permit) => {
    third = permit;
  });
  await clock.advance(60_000);
  expect(third).toBeNull();
  held[0]?.end();
  await clock.advance(1);
  expect(third).not.toBeNull();
});

test('an attempt that nobody answers makes room for the next after a quarter of a second', async () => {
  const { clock, governor } = setUp({ connectionsPerHost: 1, packetsPerSecondPerHost: 1000 });
  const times: number[] = [];
  for (let index = 0; index < 4; index += 1) void governor.admit('10.0.0.1').then(() => times.push(clock.monotonic()));
  await clock.advance(2000);
  expect(times).toEqual([0, 250, 500, 750]);
});

test('other hosts go on while one waits for its own limits', async () => {
  const { clock, governor } = setUp({ connectionsPerHost: 1 });
  (await governor.admit('10.0.0.1'))?.hold();
  void governor.admit('10.0.0.1');
  const other = await clock.drive(send(governor, clock, '10.0.0.2', 3));
  expect(other.at(-1)).toBeLessThan(100);
});

test('sockets in all are capped', async () => {
  const { clock, governor } = setUp({}, 16);
  const permits: (Permit | null)[] = [];
  for (let host = 1; host <= 20; host += 1)
    void governor.admit(`10.0.0.${host}`).then((permit) => permits.push(permit));
  await clock.advance(1000);
  expect(permits).toHaveLength(16);
  permits[0]?.end();
  await clock.advance(1);
  expect(permits).toHaveLength(17);
});

test('trouble of this machine halves the sockets at once and they grow back slowly', async () => {
  const { clock, governor } = setUp(
    { packetsPerSecond: 1e6, packetsPerSecondPerHost: 1e6, connectionsPerHost: 1e6 },
    400,
  );
  for (let index = 0; index < 400; index += 1) void governor.admit('10.0.0.1');
  await clock.advance(1);
  governor.localTrouble();
  expect(governor.maxInFlight).toBe(200);
  await clock.advance(1000);
  await clock.drive(send(governor, clock, '10.0.0.2', 0));
  expect(governor.inFlight).toBe(400);
});

test('a loss halves the rate of its host, once for a burst, and it recovers in ten quiet seconds', async () => {
  const { clock, governor } = setUp({ packetsPerSecondPerHost: 100 });
  await clock.drive(send(governor, clock, '10.0.0.1', 1));
  governor.lost('10.0.0.1');
  governor.lost('10.0.0.1');
  expect(governor.factorOf('10.0.0.1')).toBe(0.5);
  await clock.advance(300);
  governor.lost('10.0.0.1');
  expect(governor.factorOf('10.0.0.1')).toBe(0.25);
  const start = clock.monotonic();
  const slow = await clock.drive(send(governor, clock, '10.0.0.1', 26));
  expect((slow.at(-1) ?? 0) - start).toBeGreaterThan(700);
  await clock.advance(10_000);
  await clock.drive(send(governor, clock, '10.0.0.1', 1));
  expect(governor.factorOf('10.0.0.1')).toBe(1);
});

test('while paused nothing is admitted, and nothing floods out afterwards', async () => {
  const { clock, pause, governor } = setUp({ packetsPerSecondPerHost: 100, connectionsPerHost: 100 });
  const times: number[] = [];
  pause.pause();
  for (let index = 0; index < 50; index += 1)
    void governor.admit('10.0.0.1').then((permit) => {
      times.push(clock.monotonic());
      permit?.end();
    });
  await clock.advance(10_000);
  expect(times).toEqual([]);
  pause.resume();
  await clock.advance(100);
  expect(times.length).toBeGreaterThan(5);
  expect(times.length).toBeLessThanOrEqual(13);
});

test('an abort of the run or of the request ends the wait with no leave', async () => {
  const { clock, abort, pause, governor } = setUp();
  pause.pause();
  const own = new AbortController();
  const first = governor.admit('10.0.0.1', own.signal);
  const second = governor.admit('10.0.0.1');
  own.abort();
  expect(await first).toBeNull();
  abort.abort();
  expect(await second).toBeNull();
  expect(await governor.admit('10.0.0.1')).toBeNull();
  expect(clock.sleeping).toBe(0);
});

test('the statistics say what was sent, the last second, the peak and the busiest host', async () => {
  const { clock, governor } = setUp({ packetsPerSecondPerHost: 100, packetsPerSecond: 1000 });
  await clock.drive(send(governor, clock, '10.0.0.1', 50));
  const permit = await clock.drive(governor.admit('10.0.0.2'));
  permit?.charge(9);
  permit?.end();
  const busy = governor.stats();
  expect(busy).toMatchObject({
    packetsSent: 60,
    connections: 51,
    rate: 60,
    busiestHost: { address: '10.0.0.1', packets: 50 },
  });
  await clock.advance(5000);
  expect(governor.stats()).toMatchObject({ rate: 0, peakRate: 60 });
});

test('memory is bounded by the hosts in work, not by the addresses seen', async () => {
  const { clock, governor } = setUp({ packetsPerSecond: 1e6 });
  for (let index = 0; index < 20_000; index += 1) {
    const permit = await governor.admit(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    permit?.end();
    if (index % 2000 === 0) await clock.advance(1100);
  }
  expect(governor.hostsKnown).toBeLessThan(7000);
});

test('the search for hosts leaves half of the rate to hosts in work', async () => {
  const { clock, governor } = setUp({ packetsPerSecond: 100, packetsPerSecondPerHost: 1000 });
  let worked = 0;
  for (let host = 0; host < 200; host += 1)
    void governor.admit(`10.0.0.${host}`, undefined, 'search').then((permit) => permit?.end());
  const work = async () => {
    while (clock.monotonic() < 1000) {
      (await governor.admit('10.0.1.1'))?.end();
      worked += 1;
    }
  };
  await clock.drive(work());
  expect(worked).toBeGreaterThan(45);
  expect(worked).toBeLessThan(60);
});

test('a connection that is only kept for later gives its place to whoever waits, and one in use does not', async () => {
  const { clock, governor } = setUp({ connectionsPerHost: 2 });
  const admit = () => clock.drive(governor.admit('10.0.0.1'));
  const [first, second] = [await admit(), await admit()];
  first?.hold();
  second?.hold();
  const closed: string[] = [];
  const admitted: string[] = [];
  const wait = (name: string) =>
    governor.admit('10.0.0.1').then((permit) => {
      permit?.hold();
      admitted.push(name);
    });
  void wait('third');
  await clock.drive(clock.sleep(1000));
  expect(admitted).toEqual([]);
  const rest = (permit: Permit | null, name: string) =>
    permit?.rest(() => {
      closed.push(name);
      permit.end();
    });
  rest(first, 'first');
  await clock.drive(clock.sleep(10));
  expect([admitted, closed]).toEqual([['third'], ['first']]);
  rest(second, 'second');
  second?.rest(null);
  void wait('fourth');
  await clock.drive(clock.sleep(1000));
  expect([admitted, closed]).toEqual([['third'], ['first']]);
  rest(second, 'second');
  await clock.drive(clock.sleep(10));
  expect([admitted, closed]).toEqual([
    ['third', 'fourth'],
    ['first', 'second'],
  ]);
});

test('a connection kept for later gives its place to another host when all sockets are in use', async () => {
  const { clock, governor } = setUp({}, 1);
  const permit = await governor.admit('10.0.0.1');
  permit?.hold();
  permit?.rest(() => permit.end());
  const other = await clock.drive(governor.admit('10.0.0.2'));
  expect(other).not.toBeNull();
});
