import { describe, expect, it } from 'vitest';
import { type Bucket, countAttempt, forgetAfterMs, loginRule, pairRule } from './lock-out.ts';

const empty: Bucket = { failures: 0, lastFailureAt: null, lockedUntil: null };

/** Seconds that each failure in a row costs, when the next one comes as soon as it may. */
function costs(rule: typeof pairRule, count: number): number[] {
  let bucket = empty;
  let now = 1_000_000;
  const seconds: number[] = [];
  for (let n = 0; n < count; n++) {
    const attempt = countAttempt(bucket, rule, now);
    if (attempt.locked) throw new Error('came too early');
    bucket = attempt.bucket;
    const until = bucket.lockedUntil ?? now;
    seconds.push((until - now) / 1000);
    now = until;
  }
  return seconds;
}

describe('lock-out', () => {
  it('lets four failures pass and then doubles the wait up to an hour', () => {
    expect(costs(pairRule, 16)).toEqual([0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
  });

  it('of a login from everywhere begins later and ends sooner', () => {
    expect(costs(loginRule, 37).slice(28)).toEqual([0, 30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('never grows beyond its longest, however many failures there were', () => {
    const bucket = { failures: 1_000_000, lastFailureAt: 0, lockedUntil: null };
    expect(countAttempt(bucket, pairRule, 0)).toMatchObject({ bucket: { lockedUntil: 3_600_000 } });
  });

  it('counts nothing while it is locked, so that waiting is enough', () => {
    const bucket = { failures: 9, lastFailureAt: 0, lockedUntil: 80_000 };
    expect(countAttempt(bucket, pairRule, 79_999)).toEqual({ locked: true, until: 80_000 });
    expect(countAttempt(bucket, pairRule, 80_000)).toMatchObject({ locked: false, bucket: { failures: 10 } });
  });

  it('forgets after a day without a failure', () => {
    const bucket = { failures: 20, lastFailureAt: 0, lockedUntil: 3_600_000 };
    expect(countAttempt(bucket, pairRule, forgetAfterMs)).toMatchObject({ bucket: { failures: 21 } });
    expect(countAttempt(bucket, pairRule, forgetAfterMs + 1)).toMatchObject({
      bucket: { failures: 1, lockedUntil: null },
    });
  });
});
