/** The end of a lease, moved by every renewal. Nothing is sent after it. */
export class LeaseTerm {
  #expiresAtMs: number;
  readonly #listeners = new Set<() => void>();

  /** Milliseconds since the epoch. */
  constructor(expiresAtMs: number) {
    this.#expiresAtMs = expiresAtMs;
  }

  get expiresAtMs(): number {
    return this.#expiresAtMs;
  }

  /** Takes effect at once; a lease that has already ended stays ended. */
  renew(expiresAtMs: number): void {
    this.#expiresAtMs = expiresAtMs;
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after every renewal; the answer ends that. */
  onRenew(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
