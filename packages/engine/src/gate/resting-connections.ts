import type { Attempt, HostLoad } from './host-load.ts';

/** Connections that are kept open in case they are needed again. They count like others, and give way to whoever waits for a place. */
export class RestingConnections {
  readonly #byHost = new Map<HostLoad, Map<Attempt, () => void>>();

  /** `onWanted` has to close the connection. */
  add(host: HostLoad, attempt: Attempt, onWanted: () => void): void {
    const resting = this.#byHost.get(host) ?? new Map<Attempt, () => void>();
    this.#byHost.set(host, resting.set(attempt, onWanted));
  }

  /** The connection is in use again, or closed. */
  remove(host: HostLoad, attempt: Attempt): void {
    const resting = this.#byHost.get(host);
    resting?.delete(attempt);
    if (resting?.size === 0) this.#byHost.delete(host);
  }

  /** Ends the one of this host that rests longest; false when there is none. */
  endOneOf(host: HostLoad): boolean {
    const [first] = this.#byHost.get(host) ?? [];
    if (!first) return false;
    const [attempt, onWanted] = first;
    this.remove(host, attempt);
    onWanted();
    return true;
  }

  /** Ends one of any host. */
  endOne(): boolean {
    const [host] = this.#byHost.keys();
    return host !== undefined && this.endOneOf(host);
  }
}
