import { type BackoffOptions, backoffDelay } from '@picket/base/backoff';
import type { Random } from '@picket/base/random';

/** A delivery that failed so often is given up and waits for somebody to look: with the waits between, about a day. */
export const attemptLimit = 14;

const waits: BackoffOptions = { firstMs: 30_000, maxMs: 4 * 3_600_000 };

/** What becomes of a delivery after an attempt that failed: `attempts` counts it. */
export function afterFailure(
  { attempts, final }: { readonly attempts: number; readonly final: boolean },
  now: number,
  random: Random,
): { readonly state: 'waiting' | 'dead'; readonly nextAt: number } {
  if (final || attempts >= attemptLimit) return { state: 'dead', nextAt: now };
  return { state: 'waiting', nextAt: now + backoffDelay(waits, attempts - 1, random) };
}
