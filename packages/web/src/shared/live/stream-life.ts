/** Where one event stream of a page stands. `waiting`: the browser gave it up, it is opened anew after a while. */
export interface StreamLife {
  readonly phase: 'open' | 'waiting' | 'hidden';
  /** Failures in a row since it last opened. */
  readonly failures: number;
}

/** `failed`: closed for good, as after an HTTP error. A connection that merely broke is reopened by the browser. */
export type StreamStep = 'opened' | 'failed' | 'due' | 'hidden' | 'shown';

export const newStream: StreamLife = { phase: 'open', failures: 0 };

/** Pure: what follows. A hidden page holds no stream; one that comes back opens it at once, whatever failed before. */
export function nextStream(life: StreamLife, step: StreamStep): StreamLife {
  switch (step) {
    case 'hidden':
      return { phase: 'hidden', failures: 0 };
    case 'shown':
      return life.phase === 'hidden' ? newStream : life;
    case 'due':
      return life.phase === 'waiting' ? { ...life, phase: 'open' } : life;
    case 'failed':
      return life.phase === 'open' ? { phase: 'waiting', failures: life.failures + 1 } : life;
    case 'opened':
      return life.phase === 'open' && life.failures > 0 ? newStream : life;
  }
}

const firstWaitMs = 1000;
const longestWaitMs = 60_000;

/** Milliseconds until the next try; doubles with each failure. `random`, 0 to 1, keeps pages from coming back all at once. */
export function reopenAfterMs(failures: number, random: number): number {
  const whole = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.max(0, failures - 1));
  return whole * (0.5 + random / 2);
}
