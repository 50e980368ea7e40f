import type { Clock } from '@picket/base/clock';

/** A clock whose sleepers can be woken all at once: what waits for its next try then tries now. */
export interface WakeableClock extends Clock {
  wake(): void;
}

export function wakeableClock(clock: Clock): WakeableClock {
  let alarm = new AbortController();
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: async (milliseconds, signal) => {
      const woken = alarm.signal;
      await clock.sleep(milliseconds, signal ? AbortSignal.any([signal, woken]) : woken).catch((error: unknown) => {
        if (!woken.aborted || signal?.aborted) throw error;
      });
    },
    wake: () => {
      alarm.abort(new Error('woken'));
      alarm = new AbortController();
    },
  };
}
