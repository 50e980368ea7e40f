import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

/** Takes whatever is there at each of the times (whole milliseconds), and gives when each token was taken. */
function takeAll(rate: number, pauses: readonly number[]): number[] {
  const bucket = new TokenBucket(rate, 0);
  const taken: number[] = [];
  let now = 0;
  for (const pause of pauses) {
    now += pause;
    while (bucket.waitMs(now) === 0) {
      bucket.charge(1, now);
      taken.push(now);
    }
  }
  return taken;
}

test('no second sees more than the rate, however the takers stall and rush', () => {
  const pauses = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 400 })), {
    maxLength: 150,
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), pauses, (rate, times) => {
      const taken = takeAll(rate, times);
      for (let first = 0; first + rate < taken.length; first += 1) {
        expect((taken[first + rate] ?? 0) - (taken[first] ?? 0)).toBeGreaterThanOrEqual(1000);
      }
    }),
    { numRuns: 40 },
  );
});

test('a taker that keeps up gets the rate but for two hundredths', () => {
  const every = Array.from({ length: 10_000 }, () => 1);
  for (const rate of [1, 10, 100, 2000]) {
    const count = takeAll(rate, every).length;
    expect(count).toBeGreaterThanOrEqual(rate * 10 * 0.98);
    expect(count).toBeLessThanOrEqual(rate * 10 + 1);
  }
});
