import type { Clock } from '@picket/base/clock';

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * A clock that stands still until it is told to move. `advance` fires what falls due in order and lets everything that
 * reacts to it run before the next; `drive` moves on its own, as fast as the machine allows, until a promise settles.
 */
export class FakeClock implements Clock {
  #elapsed = 0;
  #order = 0;
  readonly #startMs: number;
  /** A binary heap by (at, order). */
  readonly #sleepers: Sleeper[] = [];
  #cancelled = new Set<Sleeper>();

  /** Wall time at the start, epoch milliseconds. */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = {
        at: this.#elapsed + Math.max(0, milliseconds),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#cancelled.add(sleeper);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#push(sleeper);
    });
  }

  /** Sleeps under way. */
  get sleeping(): number {
    return this.#sleepers.length - this.#cancelled.size;
  }

  /** Moves time on by so many milliseconds. */
  async advance(milliseconds: number): Promise<void> {
    const target = this.#elapsed + milliseconds;
    await settle();
    for (let next = this.#peek(); next && next.at <= target; next = this.#peek()) {
      this.#fireAt(next.at);
      await settle();
    }
    this.#elapsed = target;
  }

  /** Moves time on until `promise` settles and gives its result. Fails when nothing sleeps and nothing settles, or after `limitMs`. */
  async drive<T>(promise: Promise<T>, limitMs = 7 * 24 * 3_600_000): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.finally(done).catch(() => {});
    const end = this.#elapsed + limitMs;
    for (let idle = 0; !settled; ) {
      await settle();
      if (settled) break;
      const next = this.#peek();
      if (next) {
        if (next.at > end) throw new Error(`not settled within ${limitMs} ms of fake time`);
        this.#fireAt(next.at);
        idle = 0;
      } else if (++idle > 100) {
        throw new Error('nothing sleeps and the promise does not settle: it waits for something that will not happen');
      }
    }
    return promise;
  }

  #fireAt(at: number): void {
    this.#elapsed = Math.max(this.#elapsed, at);
    for (let next = this.#peek(); next && next.at <= at; next = this.#peek()) {
      this.#pop();
      next.wake();
    }
  }

  #peek(): Sleeper | undefined {
    let first = this.#sleepers[0];
    while (first && this.#cancelled.delete(first)) {
      this.#pop();
      first = this.#sleepers[0];
    }
    return first;
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#sleepers;
    let index = heap.push(sleeper) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(sleeper, heap[parent])) break;
      heap[index] = heap[parent] as Sleeper;
      index = parent;
    }
    heap[index] = sleeper;
  }

  #pop(): void {
    const heap = this.#sleepers;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (before(heap[child + 1], heap[child])) child += 1;
      if (!before(heap[child], last)) break;
      heap[index] = heap[child] as Sleeper;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: Sleeper | undefined, b: Sleeper | undefined): boolean {
  if (!a || !b) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Lets every promise reaction that is ready run: they all come before the next turn of the event loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
