/** Shortest time-out: a busy event loop must not turn answers into silence. Milliseconds. */
const floorMs = 400;
const samplesWanted = 3;

/** Smoothed round trip of one host (RFC 6298 section 2), for the time-outs of probes that will be asked again. */
export class RoundTrip {
  #smoothed = 0;
  #variance = 0;
  #samples = 0;

  /** A time from discovery counts as enough evidence by itself. */
  constructor(hintMs?: number) {
    if (hintMs === undefined) return;
    this.add(hintMs);
    this.#samples = samplesWanted;
  }

  add(milliseconds: number): void {
    if (this.#samples === 0) {
      this.#smoothed = milliseconds;
      this.#variance = milliseconds / 2;
    } else {
      this.#variance += (Math.abs(milliseconds - this.#smoothed) - this.#variance) / 4;
      this.#smoothed += (milliseconds - this.#smoothed) / 8;
    }
    this.#samples += 1;
  }

  /** How long to wait for an answer: never longer than `fullMs`, which holds as long as nothing is known. */
  timeoutMs(fullMs: number): number {
    if (this.#samples < samplesWanted) return fullMs;
    return Math.min(fullMs, Math.max(floorMs, Math.ceil(2 * this.#smoothed + 4 * this.#variance)));
  }
}
