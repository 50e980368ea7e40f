import { onAbort } from '../gate/abort-hub.ts';

/** At most so many at once, first come first served. */
export class Semaphore {
  #free: number;
  readonly #waiting: { readonly enter: () => void; gone: boolean }[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** Resolves with the function that gives the place back (safe to call twice); rejects with the signal's reason. */
  enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve(this.#leaver());
    }
    return new Promise((resolve, reject) => {
      const waiter = {
        gone: false,
        enter: () => {
          stop();
          resolve(this.#leaver());
        },
      };
      const stop = onAbort(signal, () => {
        waiter.gone = true;
        reject(signal.reason);
      });
      this.#waiting.push(waiter);
    });
  }

  #leaver(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      let next = this.#waiting.shift();
      while (next?.gone) next = this.#waiting.shift();
      if (next) next.enter();
      else this.#free += 1;
    };
  }
}
