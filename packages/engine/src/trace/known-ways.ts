import type { Hop } from './way.ts';

/** Ways that are remembered; a larger map asks shared hops again. */
const mostRouters = 65_536;

/**
 * Routers met on the ways of this run, each with the hops before it. Ways from one place form a tree: once a trace, walking back from
 * its host, meets a known router at the same distance, the rest is known (Donnet et al., "Efficient Algorithms for Large-Scale Topology
 * Discovery", 2005). So the first hops are asked once, not once a host.
 */
export class KnownWays {
  readonly #before = new Map<string, readonly Hop[]>();

  /** The hops before a router that stands at `distance`, if it was met there. */
  before(router: string, distance: number): readonly Hop[] | null {
    return this.#before.get(`${distance} ${router}`) ?? null;
  }

  /** Remembers each router of a way. The host itself, at the end, is none. */
  learn(hops: readonly Hop[]): void {
    const plain = hops.map(({ address }) => ({ address }));
    for (const [index, { address }] of hops.entries()) {
      const key = `${index + 1} ${address}`;
      if (address !== null && this.#before.size < mostRouters && !this.#before.has(key))
        this.#before.set(key, plain.slice(0, index));
    }
  }
}
