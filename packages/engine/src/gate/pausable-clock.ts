import type { Clock } from '@picket/base/clock';
import type { PauseGate } from './pause-gate.ts';

/**
 * A clock whose durations stand still while the job is paused: time limits of stages do not run out over a pause.
 * `now` remains the wall clock.
 */
export function pausableClock(clock: Clock, pause: PauseGate, signal: AbortSignal): Clock {
  let paused = 0;
  let since = pause.paused ? clock.monotonic() : null;
  const stop = pause.onChange(() => {
    if (pause.paused) since = clock.monotonic();
    else if (since !== null) {
      paused += clock.monotonic() - since;
      since = null;
    }
  });
  signal.addEventListener('abort', stop, { once: true });
  const monotonic = () => (since ?? clock.monotonic()) - paused;
  return {
    now: () => clock.now(),
    monotonic,
    async sleep(milliseconds, sleepSignal) {
      const end = monotonic() + milliseconds;
      for (let left = milliseconds; ; left = end - monotonic()) {
        await pause.whenOpen(sleepSignal);
        if (left <= 0 && milliseconds > 0) return;
        await clock.sleep(Math.min(Math.max(0, left), 3_600_000), sleepSignal);
        if (milliseconds <= 0) return;
      }
    },
  };
}
