import type { Clock } from '@picket/base/clock';
import type { EngineJob } from '../run/job.ts';
import type { LeaseTerm } from './lease-term.ts';

/** What ends a run from outside, besides its owner. */
export type LimitReason = 'deadline' | 'window-closed' | 'lease-expired';

/** What is left when one of these is reached waits for another lease: it is no fault of the target or of the scan. */
export function leavesWork(reason: LimitReason): boolean {
  return reason === 'lease-expired' || reason === 'window-closed';
}

/** Longest single sleep: the wall clock may jump meanwhile. */
const lookEveryMs = 15_000;

/** The times outside which nothing may be sent. */
export class JobLimits {
  readonly #job: Pick<EngineJob, 'deadlineMs' | 'window'>;
  readonly #lease: LeaseTerm | undefined;
  readonly #clock: Clock;

  constructor(job: Pick<EngineJob, 'deadlineMs' | 'window'>, lease: LeaseTerm | undefined, clock: Clock) {
    this.#job = job;
    this.#lease = lease;
    this.#clock = clock;
  }

  /** The limit that is reached now, or null. A window that has yet to open is no end; see `untilOpenMs`. */
  reached(): LimitReason | null {
    const now = this.#clock.now();
    if (this.#lease && now >= this.#lease.expiresAtMs) return 'lease-expired';
    if (this.#job.window && now >= this.#job.window.notAfterMs) return 'window-closed';
    if (this.#job.deadlineMs !== null && now >= this.#job.deadlineMs) return 'deadline';
    return null;
  }

  /** Milliseconds until the window opens; 0 when it is open. */
  untilOpenMs(): number {
    return Math.max(0, (this.#job.window?.notBeforeMs ?? 0) - this.#clock.now());
  }

  /** Waits until the window opens or a limit is reached; rejects with the signal's reason. */
  async whenOpen(signal: AbortSignal): Promise<void> {
    for (let wait = this.untilOpenMs(); wait > 0 && this.reached() === null; wait = this.untilOpenMs()) {
      await this.#clock.sleep(Math.min(wait, lookEveryMs), signal);
    }
  }

  /** Calls `onReached` when a limit is reached, unless `signal` aborts first. A renewed lease moves the moment. */
  async watch(signal: AbortSignal, onReached: (reason: LimitReason) => void): Promise<void> {
    try {
      for (;;) {
        const reason = this.reached();
        if (reason) return onReached(reason);
        await this.#clock.sleep(Math.min(this.#untilNextMs(), lookEveryMs), signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #untilNextMs(): number {
    const ends = [this.#lease?.expiresAtMs, this.#job.window?.notAfterMs, this.#job.deadlineMs ?? undefined];
    const next = Math.min(...ends.map((end) => end ?? Number.POSITIVE_INFINITY));
    return Math.max(1, next - this.#clock.now());
  }
}
