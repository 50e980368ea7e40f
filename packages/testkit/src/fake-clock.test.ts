import { expect, test } from 'vitest';
import { FakeClock } from './fake-clock.ts';

test('sleeps end in the order of their times, and code that reacts sees the time of its own wake-up', async () => {
  const clock = new FakeClock(1000);
  const seen: string[] = [];
  for (const delay of [30, 10, 20]) void clock.sleep(delay).then(() => seen.push(`${delay}@${clock.now()}`));
  await clock.advance(25);
  expect(seen).toEqual(['10@1010', '20@1020']);
  expect(clock.now()).toBe(1025);
  await clock.advance(5);
  expect(seen.at(-1)).toBe('30@1030');
});

test('an aborted sleep rejects with the reason and is forgotten', async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const sleep = clock.sleep(10, controller.signal);
  controller.abort('enough');
  await expect(sleep).rejects.toBe('enough');
  expect(clock.sleeping).toBe(0);
});

test('drive runs chains of sleeps until the promise settles', async () => {
  const clock = new FakeClock();
  const chain = async () => {
    for (let turn = 0; turn < 50; turn += 1) await clock.sleep(1000);
    return 'done';
  };
  expect(await clock.drive(chain())).toBe('done');
  expect(clock.monotonic()).toBe(50_000);
});

test('drive says so when a promise waits for nothing', async () => {
  await expect(new FakeClock().drive(new Promise(() => {}))).rejects.toThrow(/will not happen/);
});
