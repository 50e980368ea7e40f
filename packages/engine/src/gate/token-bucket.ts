/** Longest burst: what 20 ms are worth, so that a stall is not made up for by a flood. */
const burstSeconds = 0.02;

/**
 * Tokens that flow in so that no second sees more than the rate, a burst included. Time comes from the caller (monotonic
 * milliseconds). May be overdrawn: see `charge`.
 */
export class TokenBucket {
  #rate: number;
  #tokens: number;
  #updatedAt: number;

  /** `rate` in tokens a second. */
  constructor(rate: number, now: number) {
    this.#rate = rate;
    // Not a full burst: the first second is like any other.
    this.#tokens = 1;
    this.#updatedAt = now;
  }

  get rate(): number {
    return this.#rate;
  }

  setRate(rate: number, now: number): void {
    this.#refill(now);
    this.#rate = rate;
    this.#tokens = Math.min(this.#tokens, this.#burst());
  }

  /** Milliseconds until one token is there; 0 when it is. */
  waitMs(now: number): number {
    this.#refill(now);
    // A hair under a whole token counts: floating point must not cost a turn of the timer.
    return this.#tokens >= 1 - 1e-6 ? 0 : ((1 - this.#tokens) / this.#inflow()) * 1000;
  }

  /** Takes tokens whether or not they are there: for what was sent beyond what was asked for. */
  charge(tokens: number, now: number): void {
    this.#refill(now);
    this.#tokens -= tokens;
  }

  #refill(now: number): void {
    const elapsed = Math.max(0, now - this.#updatedAt);
    this.#updatedAt = now;
    this.#tokens = Math.min(this.#burst(), this.#tokens + (elapsed / 1000) * this.#inflow());
  }

  /** Tokens a second: a full burst and a second of inflow make one token more than may go, and that comes at its very end. */
  #inflow(): number {
    return this.#rate - (this.#burst() - 1);
  }

  #burst(): number {
    return Math.max(1, this.#rate * burstSeconds);
  }
}
