import { cidrRange, formatIp, parseIp } from '@picket/base/ip';
import type { NetworkTable } from '../packets/network-table.ts';
import type { PacketProber } from '../packets/packet-prober.ts';
import { Semaphore } from '../run/semaphore.ts';
import { hopAsker, type TraceTarget } from './hop-probe.ts';
import { KnownWays } from './known-ways.ts';
import { walk } from './walk.ts';
import type { Way } from './way.ts';

/** Traces under way; the governor bounds their packets. */
const tracesAtOnce = 32;

export interface TracerInit {
  readonly prober: PacketProber;
  readonly table: Pick<NetworkTable, 'routeTo'>;
}

/**
 * Finds the ways to the hosts of one run. The first host of a network (/24, /64) is traced alone: the others then share what was learned
 * of the way to their network.
 */
export class Tracer {
  readonly #init: TracerInit;
  readonly #known = new KnownWays();
  readonly #places = new Semaphore(tracesAtOnce);
  /** The trace of the first host of each network, and how far away it ended. */
  readonly #first = new Map<string, Promise<number>>();

  constructor(init: TracerInit) {
    this.#init = init;
  }

  /** Null when there is no way to speak of: an address of this machine, or one that the kernel has no route to. Rejects for an abort. */
  async trace(target: TraceTarget, signal: AbortSignal): Promise<Way | null> {
    const route = this.#init.table.routeTo(target.address);
    if (!route || route.local) return null;
    // A neighbour: nothing stands between.
    if (route.gateway === null) return { hops: [{ address: target.address }], reached: true };
    const network = networkOf(target.address);
    const first = this.#first.get(network);
    if (first) return this.#walk(target, await first, signal);
    const walking = this.#walk(target, 1, signal);
    this.#first.set(
      network,
      walking.then(
        (way) => Math.max(1, way.hops.length - 1),
        () => 1,
      ),
    );
    return walking;
  }

  async #walk(target: TraceTarget, startAt: number, signal: AbortSignal): Promise<Way> {
    const leave = await this.#places.enter(signal);
    try {
      return await walk({ ask: hopAsker(this.#init.prober, target, signal), known: this.#known, startAt });
    } finally {
      leave();
    }
  }
}

/** Hosts of one network share the way to it, as a rule. */
function networkOf(address: string): string {
  const parsed = parseIp(address);
  if (!parsed.ok) return address;
  const range = cidrRange(parsed.value, parsed.value.family === 4 ? 24 : 64);
  return formatIp({ family: range.family, bits: range.first });
}
