import { type BackoffOptions, backoffDelay } from '@picket/base/backoff';
import type { Clock } from '@picket/base/clock';
import type { Random } from '@picket/base/random';

const usual: BackoffOptions = { firstMs: 500, maxMs: 15_000 };

/**
 * Whatever an appliance tries again and again on the way to its platform: each of them waits longer and longer, and all try at once, and count their
 * failures anew, when something says that it may work now.
 */
export class Tries {
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #random: Random;
  #alarm = new AbortController();
  #round = 0;

  constructor(clock: Pick<Clock, 'sleep'>, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Everybody who waits tries now. */
  now(): void {
    this.#round += 1;
    const rung = this.#alarm;
    this.#alarm = new AbortController();
    rung.abort(new Error('try now'));
  }

  /** Waits so many milliseconds, less when `now` is called. Rejects when `signal` aborts. */
  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    const alarm = this.#alarm.signal;
    await this.#clock.sleep(milliseconds, AbortSignal.any([signal, alarm])).catch((error: unknown) => {
      if (!alarm.aborted || signal.aborted) throw error;
    });
  }

  /** One thing that is tried. */
  of(options: BackoffOptions = usual): Try {
    let failures = 0;
    let round = this.#round;
    return {
      worked: () => {
        failures = 0;
      },
      failed: async (signal, other) => {
        if (round !== this.#round) failures = 0;
        round = this.#round;
        failures += 1;
        await this.sleep(backoffDelay(other ?? options, failures - 1, this.#random), signal);
      },
    };
  }
}

/** One thing that is tried again and again. */
export interface Try {
  worked(): void;
  /** Waits until the next try is due: with exponential back-off and jitter, or `other` in its place this time. Rejects when `signal` aborts. */
  failed(signal: AbortSignal, other?: BackoffOptions): Promise<void>;
}
