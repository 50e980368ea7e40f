/** Failed sign-ins that count together: of a login from one address, or of a login from everywhere. Times in milliseconds. */
export interface Bucket {
  readonly failures: number;
  readonly lastFailureAt: number | null;
  readonly lockedUntil: number | null;
}

/** When failures begin to cost time, and how much: each further one doubles it. */
export interface LockRule {
  /** From this failure on. */
  readonly from: number;
  readonly firstSeconds: number;
  readonly longestSeconds: number;
}

/** One login from one address: slow from the fifth failure on, an hour at most. */
export const pairRule: LockRule = { from: 5, firstSeconds: 5, longestSeconds: 3600 };
/**
 * One login from everywhere, against guesses that come from many addresses. Whoever signed in from their address not long ago
 * is not counted here, so that nobody is locked out of their own account by strangers.
 */
export const loginRule: LockRule = { from: 30, firstSeconds: 30, longestSeconds: 900 };

/** Failures are forgotten after a day without one. */
export const forgetAfterMs = 86_400_000;
/** An address is known for so long after a sign-in from it. */
export const knownForMs = 90 * 86_400_000;

/** A locked bucket says until when. Else the attempt counts as failed, before it is judged, until it turns out right. */
export type Attempt =
  | { readonly locked: true; readonly until: number }
  | { readonly locked: false; readonly bucket: Bucket };

export function countAttempt(bucket: Bucket, rule: LockRule, now: number): Attempt {
  if (bucket.lockedUntil !== null && bucket.lockedUntil > now) return { locked: true, until: bucket.lockedUntil };
  const forgotten = bucket.lastFailureAt === null || now - bucket.lastFailureAt > forgetAfterMs;
  const failures = (forgotten ? 0 : bucket.failures) + 1;
  return {
    locked: false,
    bucket: { failures, lastFailureAt: now, lockedUntil: lockFor(failures, rule, now) },
  };
}

function lockFor(failures: number, rule: LockRule, now: number): number | null {
  if (failures < rule.from) return null;
  // The exponent is bounded so that it stays a finite number.
  const doubled = rule.firstSeconds * 2 ** Math.min(failures - rule.from, 30);
  return now + Math.min(doubled, rule.longestSeconds) * 1000;
}
