import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, test } from 'vitest';
import { LeaseTerm } from './lease-term.ts';
import { JobLimits, type LimitReason } from './limits.ts';

const free = { deadlineMs: null, window: null };

function watched(limits: JobLimits) {
  const met: LimitReason[] = [];
  const abort = new AbortController();
  return { met, abort, done: limits.watch(abort.signal, (reason) => met.push(reason)) };
}

test('without limits none is ever reached', async () => {
  const clock = new FakeClock(0);
  const { met, abort, done } = watched(new JobLimits(free, undefined, clock));
  await clock.advance(86_400_000);
  abort.abort();
  await done;
  expect(met).toEqual([]);
});

test('the first limit to come is the one that is told, at its moment', async () => {
  const clock = new FakeClock(0);
  const limits = new JobLimits(
    { deadlineMs: 90_000, window: { notBeforeMs: 0, notAfterMs: 60_000 } },
    undefined,
    clock,
  );
  const { met, done } = watched(limits);
  await clock.advance(59_999);
  expect(met).toEqual([]);
  await clock.advance(1);
  await done;
  expect(met).toEqual(['window-closed']);
});

test('a renewed lease moves its end; an ended one is told', async () => {
  const clock = new FakeClock(0);
  const lease = new LeaseTerm(30_000);
  const { met } = watched(new JobLimits(free, lease, clock));
  await clock.advance(20_000);
  lease.renew(100_000);
  await clock.advance(60_000);
  expect(met).toEqual([]);
  await clock.advance(20_000);
  expect(met).toEqual(['lease-expired']);
});

test('waiting for the window ends when it opens, and at once when it is open', async () => {
  const clock = new FakeClock(0);
  const limits = new JobLimits(
    { deadlineMs: null, window: { notBeforeMs: 40_000, notAfterMs: 60_000 } },
    undefined,
    clock,
  );
  await clock.drive(limits.whenOpen(new AbortController().signal));
  expect(clock.now()).toBe(40_000);
  await limits.whenOpen(new AbortController().signal);
});
