/** Middle and ends of a list of times; all 0 without any. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/** The nearest-rank percentiles of times. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), worst: at(1) };
}

/** Of times in milliseconds. */
export function spreadText(spread: Spread): string {
  const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  return `p50 ${ms(spread.p50)}, p99 ${ms(spread.p99)}, worst ${ms(spread.worst)} of ${spread.count}`;
}
