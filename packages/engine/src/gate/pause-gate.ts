/** Holds a job: while it is shut nothing new is sent; what is under way ends. Opens and shuts as often as wanted. */
export class PauseGate {
  #shut = false;
  readonly #listeners = new Set<() => void>();

  get paused(): boolean {
    return this.#shut;
  }

  pause(): void {
    this.#set(true);
  }

  resume(): void {
    this.#set(false);
  }

  /** Calls `listener` after every change; the answer ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves at once when open, else when opened; rejects with the signal's reason. */
  whenOpen(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!this.#shut) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const finish = () => {
        if (this.#shut && !signal?.aborted) return;
        stop();
        signal?.removeEventListener('abort', finish);
        if (signal?.aborted) reject(signal.reason);
        else resolve();
      };
      const stop = this.onChange(finish);
      signal?.addEventListener('abort', finish);
    });
  }

  #set(shut: boolean): void {
    if (this.#shut === shut) return;
    this.#shut = shut;
    for (const listener of this.#listeners) listener();
  }
}
