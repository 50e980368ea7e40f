import type { Hop, Way } from './way.ts';

/** So many hosts with the same last router settle that the hosts of a network stand behind it. */
const enough = 3;

/**
 * The way to the hosts of one network, as its hosts showed it. Routers answer a few times a second at most (a Linux router once a second to
 * one asker), so that asking the last one for each of 250 hosts would find it silent: after some hosts, it is known.
 */
export class NetworkWay {
  #before: readonly Hop[] = [];
  #confirmed = 0;

  /** The routers before a host at this distance; null when hosts of the network showed none at such a distance. */
  before(distance: number): readonly Hop[] | null {
    return this.#confirmed > 0 && this.#before.length === distance - 1 ? this.#before : null;
  }

  /** True when no further host needs to be asked whether it stands behind the last router too. */
  get settled(): boolean {
    return this.#confirmed >= enough;
  }

  /** Hops on the way to a host of the network, the host included: where to begin for one that stays silent. */
  get length(): number {
    return this.#before.length + 1;
  }

  /** Takes the way to a host of the network in. A way with gaps gives way to a fuller one of the same length. */
  learn({ hops, reached }: Way): void {
    if (!reached) return;
    const before = hops.slice(0, -1).map(({ address }) => ({ address }));
    const last = before.at(-1)?.address ?? null;
    const known = this.#before.at(-1)?.address ?? null;
    if (this.#confirmed > 0 && last !== null && last === known && before.length === this.#before.length)
      this.#confirmed += 1;
    else if (this.#confirmed === 0 || (this.#confirmed < enough && known === null && last !== null)) {
      this.#before = before;
      this.#confirmed = 1;
    }
  }
}
