import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest work without a turn of the event loop, milliseconds. */
const turnMs = 4;

/**
 * Gives the event loop its turn now and then. A fast scan produces and consumes events in one unbroken chain of promises, which timers,
 * sockets and signals would otherwise wait out.
 */
export class Breath {
  readonly #now: () => number;
  #since: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  /** Call between pieces of work; resolves at once most of the time. */
  async take(): Promise<void> {
    if (this.#now() - this.#since < turnMs) return;
    await nextTurn();
    this.#since = this.#now();
  }
}
