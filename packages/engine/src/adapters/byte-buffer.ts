/** Grows by doubling up to a limit, so that collecting a message in many pieces stays linear. */
export class ByteBuffer {
  readonly #limit: number;
  #store: Uint8Array = new Uint8Array(0);
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#size >= this.#limit;
  }

  /** Takes what fits; answers with what did not. */
  append(chunk: Uint8Array): Uint8Array {
    const fits = chunk.subarray(0, this.#limit - this.#size);
    const needed = this.#size + fits.length;
    // Most messages come in one piece, which is then not copied.
    if (this.#size === 0) {
      this.#store = fits;
      this.#size = needed;
      return chunk.subarray(fits.length);
    }
    if (needed > this.#store.length) {
      const grown = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#store.length * 2)));
      grown.set(this.#store.subarray(0, this.#size));
      this.#store = grown;
    }
    this.#store.set(fits, this.#size);
    this.#size = needed;
    return chunk.subarray(fits.length);
  }

  /** A view of everything so far; later appends do not change it. */
  bytes(): Uint8Array {
    return this.#store.subarray(0, this.#size);
  }
}
