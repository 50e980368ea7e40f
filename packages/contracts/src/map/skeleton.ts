import { mapLimits, type MapHost, type MapNetwork, type MapRouter, type MapSkeleton, shownRole } from './map-result.ts';
import { compareNetworks, type KnownNetwork } from './networks.ts';
import { byAddress, compareTexts } from './order.ts';
import type { Ways } from './routes.ts';

/** Networks, routers and the links between them, bounded, with what was left out counted. */
export function skeletonOf(
  known: readonly KnownNetwork[],
  ways: Ways,
  hosts: readonly MapHost[],
  droppedHosts: number,
): MapSkeleton {
  const networks = networksOf(known, hosts);
  const routers = routersOf(known, ways, new Map(hosts.map((host) => [host.address, host])));
  const links = ways.links.toSorted(compareLinks);
  return {
    networks: networks.slice(0, mapLimits.networks),
    routers: routers.slice(0, mapLimits.routers),
    links: links.slice(0, mapLimits.links),
    hosts: hosts.length,
    roles: countRoles(hosts),
    dropped: {
      networks: Math.max(0, networks.length - mapLimits.networks),
      routers: Math.max(0, routers.length - mapLimits.routers),
      links: Math.max(0, links.length - mapLimits.links),
      hosts: droppedHosts,
    },
  };
}

/** Prefixes by the gateway that leads to them. */
export function gatewaysOf(networks: readonly KnownNetwork[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const network of networks) {
    for (const gateway of network.gateways) {
      const prefixes = found.get(gateway);
      if (prefixes) prefixes.push(network.prefix.text);
      else found.set(gateway, [network.prefix.text]);
    }
  }
  return found;
}

function networksOf(known: readonly KnownNetwork[], hosts: readonly MapHost[]): readonly MapNetwork[] {
  const byPrefix = new Map<string, MapHost[]>();
  for (const host of hosts) {
    const members = byPrefix.get(host.network);
    if (members) members.push(host);
    else byPrefix.set(host.network, [host]);
  }
  const named = known.map((network): MapNetwork => {
    const { prefix, kind } = network;
    const members = byPrefix.get(prefix.text) ?? [];
    byPrefix.delete(prefix.text);
    const via = kind === 'link' ? null : (mostCommonVia(members) ?? network.gateways[0] ?? null);
    return {
      prefix: prefix.text,
      kind,
      gateways: [...network.gateways],
      links: [...network.links],
      vlans: [...network.vlans],
      via,
      hosts: members.length,
      roles: countRoles(members),
    };
  });
  const assumed = [...byPrefix].map(
    ([prefix, members]): MapNetwork => ({
      prefix,
      kind: 'assumed',
      gateways: [],
      links: [],
      vlans: [],
      via: mostCommonVia(members),
      hosts: members.length,
      roles: countRoles(members),
    }),
  );
  return [...named, ...assumed].toSorted(compareNetworks);
}

function mostCommonVia(hosts: readonly MapHost[]): string | null {
  const counts = new Map<string, number>();
  for (const { via } of hosts) if (via !== null) counts.set(via, (counts.get(via) ?? 0) + 1);
  const [first] = [...counts].toSorted((a, b) => b[1] - a[1] || compareTexts(a[0], b[0]));
  return first?.[0] ?? null;
}

function routersOf(
  known: readonly KnownNetwork[],
  ways: Ways,
  hosts: ReadonlyMap<string, MapHost>,
): readonly MapRouter[] {
  const gateways = gatewaysOf(known);
  const addresses = [...new Set([...gateways.keys(), ...ways.routers.keys()])];
  return addresses
    .map((address): MapRouter => {
      const hop = ways.routers.get(address);
      const host = hosts.get(address);
      return {
        address,
        gatewayOf: [...(gateways.get(address) ?? [])],
        forwards: hop?.forwards ?? 0,
        distance: hop?.distance ?? null,
        host: host !== undefined,
        name: host?.name ?? null,
      };
    })
    .toSorted((a, b) => (a.distance ?? 0) - (b.distance ?? 0) || b.forwards - a.forwards || byAddress(a, b));
}

function countRoles(hosts: readonly MapHost[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const host of hosts) {
    const role = shownRole(host);
    counts[role] = (counts[role] ?? 0) + 1;
  }
  return counts;
}

function compareLinks(a: Ways['links'][number], b: Ways['links'][number]): number {
  return b.routes - a.routes || compareTexts(a.from ?? '', b.from ?? '') || compareTexts(a.to, b.to);
}
