import { cidrRange, formatIp, parseIp } from '@picket/base/ip';
import type { NetworkTable } from '../packets/network-table.ts';
import type { PacketProber } from '../packets/packet-prober.ts';
import { Semaphore } from '../run/semaphore.ts';
import { hopAsker, type TraceTarget } from './hop-probe.ts';
import { KnownWays } from './known-ways.ts';
import { NetworkWay } from './network-way.ts';
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
  /** What is known of the way to each network, once its first host has been traced. */
  readonly #networks = new Map<string, { readonly way: NetworkWay; readonly first: Promise<unknown> }>();

  constructor(init: TracerInit) {
    this.#init = init;
  }

  /** Null when there is no way to speak of: an address of this machine, or one that the kernel has no route to. Rejects for an abort. */
  async trace(target: TraceTarget, signal: AbortSignal): Promise<Way | null> {
    const route = this.#init.table.routeTo(target.address);
    if (!route || route.local) return null;
    // A neighbour: nothing stands between.
    if (route.gateway === null) return { hops: [{ address: target.address }], reached: true };
    const key = networkOf(target.address);
    const network = this.#networks.get(key);
    if (network) {
      await network.first;
      return this.#walk(target, network.way, signal);
    }
    const way = new NetworkWay();
    const first = this.#walk(target, way, signal);
    this.#networks.set(key, { way, first: first.catch(() => null) });
    return first;
  }

  async #walk(target: TraceTarget, network: NetworkWay, signal: AbortSignal): Promise<Way> {
    const leave = await this.#places.enter(signal);
    try {
      return await walk({ ask: hopAsker(this.#init.prober, target, signal), known: this.#known, network });
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
