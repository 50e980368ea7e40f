/** One who waits for a turn. Gives true when it takes it, and calls `done` once its turn is over; false when it needs none. */
export type Taker = (done: () => void) => boolean;

/** Lets many look at the database, a few at a time: thousands at once would keep everybody else waiting. */
export class Turns {
  readonly #waiting = new Set<Taker>();
  readonly #atOnce: number;
  #taken = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** In this order, after those who wait already; nobody waits twice. */
  add(takers: Iterable<Taker>): void {
    for (const taker of takers) this.#waiting.add(taker);
    this.#next();
  }

  /** Waits no more. */
  remove(taker: Taker): void {
    this.#waiting.delete(taker);
  }

  #next(): void {
    for (const taker of this.#waiting) {
      if (this.#taken >= this.#atOnce) return;
      this.#waiting.delete(taker);
      if (!taker(this.#once())) continue;
      this.#taken += 1;
    }
  }

  #once(): () => void {
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#taken -= 1;
      this.#next();
    };
  }
}
