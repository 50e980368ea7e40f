import type { EngineEventOf } from '../event.ts';
import { type Steps, stepRecords } from './steps.ts';

type RouteEvent = EngineEventOf<'route'>;

/** The traced way to one host, without what stayed silent at its end. */
export interface Way {
  /** The last router that answered; null when none did. */
  readonly via: string | null;
  /** Hops to the host, 1 on link; null when the host did not answer at the end. */
  readonly distance: number | null;
}

/** What all traced ways tell together. */
export interface Ways {
  readonly byHost: ReadonlyMap<string, Way>;
  /** Routers by address: how many ways they forwarded and how near they were seen. */
  readonly routers: ReadonlyMap<string, { readonly forwards: number; readonly distance: number }>;
  readonly links: readonly Link[];
}

export interface Link {
  readonly from: string | null;
  readonly to: string;
  readonly silent: number;
  readonly routes: number;
}

/**
 * Adds up the ways. An address that answered on the way to another host forwarded the packet up to where its hop limit ended
 * (ICMP time exceeded, RFC 792 and RFC 4443 section 3.3); the host at the end of its own way did not.
 */
export function* addUpRoutes(routes: Iterable<RouteEvent>): Steps<Ways> {
  const byHost = new Map<string, Way>();
  const routers = new Map<string, { forwards: number; distance: number }>();
  const links = new Map<string, { from: string | null; to: string; silent: number; routes: number }>();
  let count = 0;
  for (const route of routes) {
    count += 1;
    if (count % stepRecords === 0) yield;
    const walk = forwarders(route);
    let from: string | null = null;
    let last = 0;
    for (const { address, hop } of walk) {
      const router = routers.get(address) ?? { forwards: 0, distance: hop };
      routers.set(address, { forwards: router.forwards + 1, distance: Math.min(router.distance, hop) });
      const key = `${from ?? ''}>${address}`;
      const link = links.get(key) ?? { from, to: address, silent: hop - last - 1, routes: 0 };
      links.set(key, { ...link, silent: Math.min(link.silent, hop - last - 1), routes: link.routes + 1 });
      from = address;
      last = hop;
    }
    byHost.set(route.address, { via: from, distance: route.reached ? hopsTo(route) : null });
  }
  return { byHost, routers, links: [...links.values()] };
}

/** Routers in order with their hop from 1, each once (a loop is walked once), the host itself left out. */
function forwarders(route: RouteEvent): readonly { address: string; hop: number }[] {
  const seen = new Set<string>([route.address]);
  return route.hops.flatMap(({ address }, index) => {
    if (address === null || seen.has(address)) return [];
    seen.add(address);
    return [{ address, hop: index + 1 }];
  });
}

/** The host may stand as the last hop or be left out of the list. */
function hopsTo(route: RouteEvent): number {
  const own = route.hops.findIndex((hop) => hop.address === route.address);
  return own >= 0 ? own + 1 : route.hops.length + 1;
}
