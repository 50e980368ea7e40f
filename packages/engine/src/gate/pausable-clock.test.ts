import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, test } from 'vitest';
import { pausableClock } from './pausable-clock.ts';
import { PauseGate } from './pause-gate.ts';

function setUp() {
  const clock = new FakeClock(0);
  const pause = new PauseGate();
  return { clock, pause, pausable: pausableClock(clock, pause, new AbortController().signal) };
}

test('durations stand still while paused, the wall clock does not', async () => {
  const { clock, pause, pausable } = setUp();
  await clock.advance(100);
  pause.pause();
  await clock.advance(1000);
  expect([pausable.monotonic(), pausable.now()]).toEqual([100, 1100]);
  pause.resume();
  await clock.advance(50);
  expect(pausable.monotonic()).toBe(150);
});

test('a sleep lasts its time without the pauses in it', async () => {
  const { clock, pause, pausable } = setUp();
  let wokenAt = 0;
  void pausable.sleep(100).then(() => {
    wokenAt = clock.monotonic();
  });
  await clock.advance(40);
  pause.pause();
  await clock.advance(500);
  pause.resume();
  await clock.advance(59);
  expect(wokenAt).toBe(0);
  await clock.advance(1);
  expect(wokenAt).toBe(600);
});

test('an abort ends a sleep, paused or not', async () => {
  const { pause, pausable } = setUp();
  const abort = new AbortController();
  const sleeping = pausable.sleep(100, abort.signal);
  pause.pause();
  const paused = pausable.sleep(100, abort.signal);
  abort.abort('over');
  await expect(sleeping).rejects.toBe('over');
  await expect(paused).rejects.toBe('over');
});
