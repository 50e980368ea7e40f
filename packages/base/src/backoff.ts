import type { Random } from './random.ts';

export interface BackoffOptions {
  /** First ceiling, milliseconds. */
  readonly firstMs: number;
  /** Highest ceiling, milliseconds. */
  readonly maxMs: number;
}

/**
 * Exponential back-off with full jitter: attempt n (from 0) waits a uniform time below min(maxMs, firstMs * 2^n),
 * but at least a quarter of that ceiling so that a fleet does not hammer.
 */
export function backoffDelay(options: BackoffOptions, attempt: number, random: Random): number {
  const ceiling = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(attempt, 30));
  const floor = Math.floor(ceiling / 4);
  return floor + random.integer(Math.max(1, Math.ceil(ceiling - floor)));
}
