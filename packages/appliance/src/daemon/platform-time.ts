import type { Clock } from '@picket/base/clock';

/**
 * The platform's time, kept on the monotonic clock: the appliance takes its time from the platform, and a local clock
 * that is wrong or jumps moves no lease, window or deadline.
 */
export class PlatformTime {
  readonly #clock: Clock;
  #base: { readonly platformMs: number; readonly monotonicMs: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes over the time of an answer that has just come in. Its error is the time the answer was under way. */
  set(serverTime: string): void {
    const platformMs = Date.parse(serverTime);
    if (!Number.isNaN(platformMs)) this.#base = { platformMs, monotonicMs: this.#clock.monotonic() };
  }

  /** False until the first answer: no lease can be judged before. */
  get known(): boolean {
    return this.#base !== null;
  }

  /** Milliseconds since the epoch; before the first answer the local clock's. */
  now(): number {
    if (this.#base === null) return this.#clock.now();
    return this.#base.platformMs + (this.#clock.monotonic() - this.#base.monotonicMs);
  }

  /** Platform time minus local wall clock, milliseconds. */
  offsetMs(): number {
    return this.now() - this.#clock.now();
  }
}
