import { profiles } from '@picket/plan/profile';
import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, test } from 'vitest';
import { Governor } from '../gate/governor.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import { LoopControl } from './loop-control.ts';
import { SharedRates } from './shared-rates.ts';

const rates = { scan: 1000, host: 100, network: 1000, multicast: 10, halfOpen: 5 };

test('the loop pays for what ordinary sockets send, and at double while they wait', () => {
  const control = new LoopControl();
  const shared = new SharedRates(rates, control, 0);
  control.add('main', 500);
  shared.begin(100);
  expect(shared.scanWait(100)).toBeGreaterThan(450);
  const waitAfter = (packets: number) => {
    const fresh = new SharedRates(rates, control, 0);
    for (let packet = 0; packet < packets; packet += 1) fresh.charge(1, false, 100);
    return fresh.scanWait(100);
  };
  const alone = waitAfter(40);
  control.setMainWaits(true);
  expect(waitAfter(20)).toBe(alone);
  expect(waitAfter(40)).toBeGreaterThan(alone);
});

test('ordinary sockets pay for what the loop sends, and say that they wait', async () => {
  const control = new LoopControl();
  const clock = new FakeClock();
  const signal = new AbortController().signal;
  const init = { profile: { ...profiles.normal, packetsPerSecond: 100 }, clock, pause: new PauseGate(), signal };
  const governor = new Governor({ ...init, shared: control });
  control.add('worker', 50);
  const admitted = governor.admit('10.0.0.1');
  expect(control.mainWaits).toBe(true);
  const started = clock.monotonic();
  (await clock.drive(admitted))?.end();
  expect(clock.monotonic() - started).toBeGreaterThan(400);
  expect(control.read('main')).toBe(1);
  expect(governor.stats().packetsSent).toBe(51);
});

test('questions to everybody have a low rate of their own', () => {
  const shared = new SharedRates(rates, new LoopControl(), 0);
  let asked = 0;
  for (let now = 0; now < 2000; now += 1) {
    if (shared.multicastWait(now) > 0) continue;
    shared.charge(1, true, now);
    asked += 1;
  }
  expect(asked).toBeLessThanOrEqual(21);
  expect(asked).toBeGreaterThan(15);
});

test('a gateway carries so many unanswered connections, until answers or half a minute free it', () => {
  const shared = new SharedRates(rates, new LoopControl(), 0);
  for (let sent = 0; sent < 5; sent += 1) shared.connectionSent('g', 1000);
  expect(shared.gatewayOpen('g', 1000)).toBe(false);
  shared.connectionAnswered('g', 1500);
  expect(shared.gatewayOpen('g', 1500)).toBe(true);
  shared.connectionSent('g', 1500);
  expect(shared.gatewayOpen('g', 20_000)).toBe(false);
  expect(shared.gatewayOpen('g', 32_000)).toBe(true);
  expect(shared.gatewayOpen('another', 1500)).toBe(true);
});
