/** Smoothed round-trip time (RFC 6298 section 2) of many answers. Milliseconds. */
export class RoundTrips {
  #smoothed = -1;
  #variance = 0;

  add(milliseconds: number): void {
    if (this.#smoothed < 0) {
      this.#smoothed = milliseconds;
      this.#variance = milliseconds / 2;
      return;
    }
    this.#variance += (Math.abs(milliseconds - this.#smoothed) - this.#variance) / 4;
    this.#smoothed += (milliseconds - this.#smoothed) / 8;
  }

  get known(): boolean {
    return this.#smoothed >= 0;
  }

  /** How long an answer may take and still be ordinary; -1 when nothing is known. */
  get patience(): number {
    return this.known ? 2 * this.#smoothed + 4 * this.#variance : -1;
  }
}

/** When the latest packets of a task went out, so that answers tell round-trip times without memory for each cell. */
export class SendTimes {
  readonly #mask: number;
  readonly #cells: Int32Array;
  readonly #times: Float64Array;

  /** Remembers about so many. */
  constructor(cells: number) {
    const size = 2 ** Math.min(12, Math.max(4, Math.ceil(Math.log2(Math.max(1, cells)))));
    this.#mask = size - 1;
    this.#cells = new Int32Array(size).fill(-1);
    this.#times = new Float64Array(size);
  }

  sent(cell: number, now: number): void {
    this.#cells[cell & this.#mask] = cell;
    this.#times[cell & this.#mask] = now;
  }

  /** Since a cell's packet went out; -1 when that is not remembered. */
  since(cell: number, now: number): number {
    return this.#cells[cell & this.#mask] === cell ? now - (this.#times[cell & this.#mask] ?? now) : -1;
  }
}
