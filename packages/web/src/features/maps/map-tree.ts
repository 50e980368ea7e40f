import { parseIp, parseRange } from '@picket/base/ip';
import { contains, rangeSet } from '@picket/base/range-set';
import { isWidePrefix } from '@picket/contracts/map/networks';
import type { MapNetwork, MapRouter, MapSkeleton } from '@picket/contracts/map/map-result';

/** A thing of the map as it is drawn. `key` is unique and stands in the URL. */
export type MapNode =
  | { readonly kind: 'scanner'; readonly key: 'scanner' }
  | { readonly kind: 'router'; readonly key: string; readonly router: MapRouter }
  | { readonly kind: 'network'; readonly key: string; readonly network: MapNetwork }
  /** Networks that would be too many to draw. */
  | { readonly kind: 'rest'; readonly key: string; readonly networks: number; readonly hosts: number };

export interface MapTree {
  readonly node: MapNode;
  /** Hops that stayed silent between the parent and this one. */
  readonly silent: number;
  readonly children: readonly MapTree[];
}

/** Networks drawn below one router; the others are one node that counts them. */
export const drawnNetworks = 48;
const drawnRouters = 200;

export const networkKey = (prefix: string) => `network:${prefix}`;
export const routerKey = (address: string) => `router:${address}`;

/**
 * The map as a tree from the scanner outwards: each router below the one that most traced ways pass before it, each network
 * below the router in front of it, a gateway below the network that it stands in. Every node once, whatever the links say.
 */
export function mapTree(skeleton: MapSkeleton): MapTree {
  const routers = skeleton.routers.slice(0, drawnRouters);
  const networks = skeleton.networks.filter(isDrawn);
  const onLink = networks.filter((network) => network.kind === 'link');
  const known = new Set(routers.map((router) => router.address));
  const parents = parentsOf(skeleton, known);
  const below = new Map<string, { readonly node: MapNode; readonly silent: number }[]>();
  const put = (parent: string, node: MapNode, silent: number) => {
    const list = below.get(parent) ?? [];
    below.set(parent, [...list, { node, silent }]);
  };
  for (const router of routers) {
    const parent = parents.get(router.address);
    const node: MapNode = { kind: 'router', key: routerKey(router.address), router };
    const stands = onLink.find((network) => standsIn(router, network, skeleton.networks));
    if (parent?.from) put(routerKey(parent.from), node, parent.silent);
    else put(stands ? networkKey(stands.prefix) : 'scanner', node, stands ? 0 : (parent?.silent ?? 0));
  }
  for (const network of networks) {
    const via = network.kind !== 'link' && network.via !== null && known.has(network.via) ? network.via : null;
    put(via === null ? 'scanner' : routerKey(via), { kind: 'network', key: networkKey(network.prefix), network }, 0);
  }
  return grow({ kind: 'scanner', key: 'scanner' }, 0, below);
}

/** The router before each; one whose parents would lead in a circle hangs on the scanner. */
function parentsOf(skeleton: MapSkeleton, known: ReadonlySet<string>) {
  const parents = new Map<string, { from: string | null; silent: number; routes: number }>();
  for (const link of skeleton.links) {
    if (!known.has(link.to) || (link.from !== null && !known.has(link.from))) continue;
    const best = parents.get(link.to);
    if (!best || link.routes > best.routes) parents.set(link.to, link);
  }
  for (const [address, parent] of parents) {
    const seen = new Set([address]);
    for (let at = parent.from; at !== null; at = parents.get(at)?.from ?? null) {
      if (seen.has(at)) {
        parents.set(address, { ...parent, from: null });
        break;
      }
      seen.add(at);
    }
  }
  return parents;
}

function grow(
  node: MapNode,
  silent: number,
  below: ReadonlyMap<string, readonly { readonly node: MapNode; readonly silent: number }[]>,
): MapTree {
  const entries = below.get(node.key) ?? [];
  const networks = entries.filter((entry) => entry.node.kind === 'network' && !below.has(entry.node.key));
  const others = entries.filter((entry) => !networks.includes(entry));
  const bySize = networks.toSorted((a, b) => hostsOf(b.node) - hostsOf(a.node));
  const shown = new Set(bySize.slice(0, drawnNetworks));
  const rest = bySize.slice(drawnNetworks);
  const children = [...others, ...networks.filter((entry) => shown.has(entry))].map((entry) =>
    grow(entry.node, entry.silent, below),
  );
  if (rest.length > 0) {
    const hosts = rest.reduce((sum, entry) => sum + hostsOf(entry.node), 0);
    const more: MapNode = { kind: 'rest', key: `rest:${node.key}`, networks: rest.length, hosts };
    children.push({ node: more, silent: 0, children: [] });
  }
  return { node, silent, children };
}

function hostsOf(node: MapNode): number {
  return node.kind === 'network' ? node.network.hosts : 0;
}

/** A default route or a wide one without hosts of its own is a property of its gateway, not a place. */
function isDrawn(network: MapNetwork): boolean {
  return network.kind !== 'default' && (network.hosts > 0 || network.kind === 'link' || !isWidePrefix(network.prefix));
}

/** By address; a link-local gateway (RFC 4291 section 2.5.6) by the link that it was learned on. */
function standsIn(router: MapRouter, network: MapNetwork, all: readonly MapNetwork[]): boolean {
  if (!router.address.startsWith('fe80:')) return holds(network.prefix, router.address);
  const led = all.filter((one) => one.gateways.includes(router.address));
  return network.prefix.includes(':') && led.some((one) => one.links.some((link) => network.links.includes(link)));
}

function holds(prefix: string, text: string): boolean {
  const range = parseRange(prefix);
  const address = parseIp(text);
  return range.ok && address.ok && contains(rangeSet([range.value]), address.value);
}
