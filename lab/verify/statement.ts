/** One statement of the truth, after it was put to the test. */
export interface Statement {
  readonly host: string;
  /** What was to be proved, `ports`, `redis-unauthenticated on tcp/6379`. */
  readonly what: string;
  readonly holds: boolean;
  /** What was seen, when it does not hold. */
  readonly detail: string;
}

/** A statement that two lists hold the same things; the detail names what is missing and what is too much. Pure. */
export function sameSet(host: string, what: string, seen: readonly string[], expected: readonly string[]): Statement {
  const missing = expected.filter((item) => !seen.includes(item));
  const extra = seen.filter((item) => !expected.includes(item));
  const detail = `missing: ${missing.join(', ') || 'none'}; not in the truth: ${extra.join(', ') || 'none'}`;
  return { host, what, holds: missing.length === 0 && extra.length === 0, detail };
}
