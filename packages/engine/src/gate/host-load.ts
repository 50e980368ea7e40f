import type { Profile } from '@picket/plan/profile';
import { AdaptiveRate } from './adaptive-rate.ts';

/**
 * After so long without an answer a connection attempt no longer counts against the connections of its host: an SYN
 * that is dropped is no load for the host, and filtered ports would otherwise take hours. The rate still bounds them.
 */
const staleAfterMs = 250;
/** Unanswered attempts on one host at once. */
const staleLimit = 256;
/** A host that loses packets gets half, down to a 64th, and a tenth more for each quiet second. */
const feedback = { lossFactor: 0.5, lowestFactor: 1 / 64, recoveryPerSecond: 0.1 };

/** One attempt on a host, from admission to its end. */
export interface Attempt {
  readonly startedAt: number;
  state: 'fresh' | 'stale' | 'held' | 'over';
}

export interface Waiter {
  /** Null: it will not be admitted any more. */
  readonly admit: (attempt: Attempt | null) => void;
  gone: boolean;
}

/** Load of one host: its rate, what is under way on it, who waits for it. Time comes from the caller. */
export class HostLoad {
  readonly address: string;
  readonly waiters: Waiter[] = [];
  packets = 0;
  /** Whether it is known to be there, or still sought. */
  kind: 'work' | 'search' = 'work';
  /** The governor has a timer for it. */
  wakeAt = Number.POSITIVE_INFINITY;
  readonly #connections: number;
  readonly #rate: AdaptiveRate;
  readonly #fresh = new Set<Attempt>();
  #stale = 0;
  #held = 0;
  #lastUsedAt: number;

  constructor(address: string, profile: Profile, now: number) {
    this.address = address;
    this.#connections = profile.connectionsPerHost;
    this.#rate = new AdaptiveRate(profile.packetsPerSecondPerHost, feedback, now);
    this.#lastUsedAt = now;
  }

  /** Share of the nominal rate in force. */
  get factor(): number {
    return this.#rate.factor;
  }

  /** 0: an attempt may start now. A number: in so many milliseconds at the earliest. Null: when another one ends. */
  waitMs(now: number): number | null {
    const slot = this.#slotWait(now);
    if (slot === null) return null;
    return Math.max(slot, this.#rate.waitMs(now));
  }

  /** All its places are taken. */
  full(now: number): boolean {
    return this.#slotWait(now) !== 0;
  }

  begin(now: number): Attempt {
    const attempt: Attempt = { startedAt: now, state: 'fresh' };
    this.#fresh.add(attempt);
    this.#lastUsedAt = now;
    return attempt;
  }

  /** The attempt became a connection that stays: it counts until `end`. */
  hold(attempt: Attempt): void {
    this.#leave(attempt);
    attempt.state = 'held';
    this.#held += 1;
  }

  end(attempt: Attempt, now: number): void {
    this.#leave(attempt);
    attempt.state = 'over';
    this.#lastUsedAt = now;
  }

  charge(packets: number, now: number): void {
    this.packets += packets;
    this.#rate.charge(packets, now);
  }

  /** A packet was lost on the way to or from a host that answers. */
  lost(now: number): void {
    this.#rate.lost(now);
  }

  /** Nothing is under way or remembered that would be lost with it. */
  idle(now: number): boolean {
    const busy = this.waiters.length + this.#fresh.size + this.#stale + this.#held > 0;
    return !busy && this.#rate.factor === 1 && now - this.#lastUsedAt > 1000;
  }

  #slotWait(now: number): number | null {
    for (const attempt of this.#fresh) {
      if (now - attempt.startedAt < staleAfterMs) break;
      this.#fresh.delete(attempt);
      attempt.state = 'stale';
      this.#stale += 1;
    }
    if (this.#stale >= staleLimit) return null;
    if (this.#held + this.#fresh.size < this.#connections) return 0;
    const [oldest] = this.#fresh;
    return oldest ? oldest.startedAt + staleAfterMs - now : null;
  }

  #leave(attempt: Attempt): void {
    if (attempt.state === 'fresh') this.#fresh.delete(attempt);
    else if (attempt.state === 'stale') this.#stale -= 1;
    else if (attempt.state === 'held') this.#held -= 1;
  }
}
