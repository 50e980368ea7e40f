/** Lets at most so many events be under way: `take` waits while that many are unacknowledged. */
export class AckWindow {
  readonly #limit: number;
  #open = 0;
  #waiting: (() => void) | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** For one caller at a time. */
  async take(): Promise<void> {
    if (this.#open >= this.#limit) await new Promise<void>((resolve) => (this.#waiting = resolve));
    this.#open += 1;
  }

  acknowledge(count: number): void {
    this.#open = Math.max(0, this.#open - count);
    if (this.#open >= this.#limit) return;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.();
  }
}
