import type { EngineEvent } from '@picket/contracts/event';

/** Unread events at which scanning holds still until the consumer reads on. */
const highWater = 1024;

/**
 * Between the stages and the consumer. Writing never blocks and never drops; whoever is about to send asks for room
 * first, so that an idle consumer stops the scan with at most what was under way on top.
 */
export class EventQueue {
  #events: EngineEvent[] = [];
  #read = 0;
  #ended = false;
  #reader: (() => void) | null = null;
  #waiting: (() => void)[] = [];

  get full(): boolean {
    return this.#events.length - this.#read >= highWater;
  }

  push(event: EngineEvent): void {
    this.#events.push(event);
    this.#wakeReader();
  }

  /** No more events will come; waits for room end. */
  end(): void {
    this.#ended = true;
    this.#wakeReader();
    this.#makeRoom();
  }

  /** Resolves when there is room (at once, mostly) or the queue has ended. */
  room(): Promise<void> {
    if (!this.full || this.#ended) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The next event; null after the last. One reader. */
  async next(): Promise<EngineEvent | null> {
    while (this.#read >= this.#events.length) {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#reader = resolve;
      });
    }
    const event = this.#events[this.#read] ?? null;
    this.#read += 1;
    if (this.#read >= 512) {
      this.#events = this.#events.slice(this.#read);
      this.#read = 0;
    }
    if (!this.full) this.#makeRoom();
    return event;
  }

  #wakeReader(): void {
    const reader = this.#reader;
    this.#reader = null;
    reader?.();
  }

  #makeRoom(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
