import type { Random } from '@picket/base/random';
import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, it } from 'vitest';
import { Tries } from './tries.ts';

/** The longest wait of what jitter allows. */
const most: Random = {
  bytes: (length) => new Uint8Array(length),
  integer: (below) => below - 1,
  uuid: () => '00000000-0000-4000-8000-000000000000',
};
const { signal } = new AbortController();

/** How long each of so many failures waits, milliseconds. */
async function waits(clock: FakeClock, failed: () => Promise<void>, count: number): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const began = clock.monotonic();
    await clock.drive(failed());
    taken.push(clock.monotonic() - began);
  }
  return taken;
}

it('waits longer after each failure, and from the beginning after one that worked', async () => {
  const clock = new FakeClock();
  const tried = new Tries(clock, most).of();
  const failed = () => tried.failed(signal);
  expect(await waits(clock, failed, 7)).toEqual([499, 999, 1999, 3999, 7999, 14_999, 14_999]);
  tried.worked();
  expect(await waits(clock, failed, 2)).toEqual([499, 999]);
});

it('tries now when told so, whoever waits, and counts anew', async () => {
  const clock = new FakeClock();
  const tries = new Tries(clock, most);
  const [one, other] = [tries.of(), tries.of({ firstMs: 10_000, maxMs: 40_000 })];
  await waits(clock, () => one.failed(signal), 5);
  const began = clock.monotonic();
  const both = Promise.all([one.failed(signal), other.failed(signal), tries.sleep(86_400_000, signal)]);
  await clock.advance(100);
  tries.now();
  await both;
  expect(clock.monotonic() - began).toBe(100);
  expect(await waits(clock, () => one.failed(signal), 2)).toEqual([499, 999]);
});

it('counts anew too when it was on its way while that was said', async () => {
  const clock = new FakeClock();
  const tries = new Tries(clock, most);
  const tried = tries.of();
  await waits(clock, () => tried.failed(signal), 6);
  tries.now();
  expect(await waits(clock, () => tried.failed(signal), 1)).toEqual([499]);
});

it('ends with its signal', async () => {
  const stop = new AbortController();
  const waiting = new Tries(new FakeClock(), most).of().failed(stop.signal);
  stop.abort(new Error('the daemon stops'));
  await expect(waiting).rejects.toThrow('the daemon stops');
});
