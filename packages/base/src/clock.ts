/** Time as an injected port: decision code never reads the machine's clock. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. May jump. */
  now(): number;
  /** Milliseconds from an arbitrary start that never goes back. For durations and rates. */
  monotonic(): number;
  /** Resolves after `milliseconds`, or rejects with the signal's reason as soon as it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** ISO 8601 in UTC with milliseconds, the form of every time on the wire. */
export function isoTime(milliseconds: number): string {
  if (milliseconds !== latest.milliseconds) latest = { milliseconds, text: new Date(milliseconds).toISOString() };
  return latest.text;
}

/** A fast scan tells hundreds of events in one millisecond. */
let latest = { milliseconds: 0, text: new Date(0).toISOString() };
