/**
 * Memory that the packet worker and the main thread share: how the owner stops and holds the loop without a message that could wait
 * in a queue, and what each of them sends, so that both keep to one rate.
 */
export class LoopControl {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(controlBytes)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, wordCount);
    this.#floats = new Float64Array(buffer, wordCount * 4, floatCount);
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, word.stop) !== 0;
  }

  /** For good: the loop leaves within a turn. */
  stop(): void {
    Atomics.store(this.#words, word.stop, 1);
    this.wake();
  }

  get paused(): boolean {
    return Atomics.load(this.#words, word.pause) !== 0;
  }

  setPaused(paused: boolean): void {
    Atomics.store(this.#words, word.pause, paused ? 1 : 0);
    this.wake();
  }

  /** Ends a wait of the worker: there is a message, or another state. */
  wake(): void {
    Atomics.add(this.#words, word.wake, 1);
    Atomics.notify(this.#words, word.wake);
  }

  /** Counts wakes; see `idle`. */
  get wakes(): number {
    return Atomics.load(this.#words, word.wake);
  }

  /** Sleeps until a wake after `seen`, or for so long. In the worker only. */
  idle(seen: number, milliseconds: number): void {
    Atomics.wait(this.#words, word.wake, seen, milliseconds);
  }

  /** The times between which packets may go, epoch milliseconds of the run's clock (see `LoopConfig.openedAtMs`). */
  setTimes(notBefore: number, notAfter: number): void {
    this.#floats[float.notBefore] = notBefore;
    this.#floats[float.notAfter] = notAfter;
  }

  maySend(epochMs: number): boolean {
    return epochMs >= (this.#floats[float.notBefore] ?? 0) && epochMs < (this.#floats[float.notAfter] ?? 0);
  }

  /** Packets so far, modulo 2^32; `worker` counts the loop's, `main` those of ordinary sockets. */
  add(counter: Counter, packets: number): void {
    Atomics.add(this.#words, word[counter], packets);
  }

  read(counter: Counter): number {
    return Atomics.load(this.#words, word[counter]) >>> 0;
  }

  /** Ordinary sockets wait for their turn: the loop leaves them half of the rate. */
  get mainWaits(): boolean {
    return Atomics.load(this.#words, word.mainWaits) !== 0;
  }

  setMainWaits(waits: boolean): void {
    Atomics.store(this.#words, word.mainWaits, waits ? 1 : 0);
  }
}

export type Counter = 'worker' | 'main' | 'answers' | 'drops' | 'outOfScope';

const word = {
  stop: 0,
  pause: 1,
  wake: 2,
  worker: 3,
  main: 4,
  answers: 5,
  drops: 6,
  outOfScope: 7,
  mainWaits: 8,
} as const;
const wordCount = 16;
const float = { notBefore: 0, notAfter: 1 } as const;
const floatCount = 4;
const controlBytes = wordCount * 4 + floatCount * 8;
