import { TokenBucket } from './token-bucket.ts';

export interface RateFeedback {
  /** What a loss leaves of the rate, 0 to 1. */
  readonly lossFactor: number;
  /** Never below this share of the nominal rate. */
  readonly lowestFactor: number;
  /** Share of the nominal rate that comes back in each second without loss. */
  readonly recoveryPerSecond: number;
}

/** Losses closer together than this are one event: they stem from one burst. */
const lossQuietMs = 200;

/** A token bucket whose rate falls with losses and recovers: additive increase, multiplicative decrease. */
export class AdaptiveRate {
  readonly #nominal: number;
  readonly #feedback: RateFeedback;
  readonly #bucket: TokenBucket;
  #factor = 1;
  #lastLossAt = Number.NEGATIVE_INFINITY;
  #recoveredAt = 0;

  constructor(nominal: number, feedback: RateFeedback, now: number) {
    this.#nominal = nominal;
    this.#feedback = feedback;
    this.#bucket = new TokenBucket(nominal, now);
  }

  /** Share of the nominal rate in force. */
  get factor(): number {
    return this.#factor;
  }

  waitMs(now: number): number {
    this.#recover(now);
    return this.#bucket.waitMs(now);
  }

  charge(packets: number, now: number): void {
    this.#bucket.charge(packets, now);
  }

  lost(now: number): void {
    if (now - this.#lastLossAt < lossQuietMs) return;
    this.#lastLossAt = now;
    this.#recoveredAt = now;
    this.#setFactor(Math.max(this.#feedback.lowestFactor, this.#factor * this.#feedback.lossFactor), now);
  }

  #recover(now: number): void {
    if (this.#factor === 1) return;
    const seconds = Math.floor((now - this.#recoveredAt) / 1000);
    if (seconds < 1) return;
    this.#recoveredAt += seconds * 1000;
    this.#setFactor(Math.min(1, this.#factor + this.#feedback.recoveryPerSecond * seconds), now);
  }

  #setFactor(factor: number, now: number): void {
    this.#factor = factor;
    this.#bucket.setRate(this.#nominal * factor, now);
  }
}
