import { cidrRange, formatIp, type IpRange, parseIp, parseRange } from '@picket/base/ip';
import { covers, intersect, type RangeSet, rangeSet } from '@picket/base/range-set';
import type { EngineEventOf } from '@picket/contracts/event';
import type { LinkInfo, NetworkTable } from '../packets/network-table.ts';
import type { Without } from '../run/stages.ts';

export type NetworkFact = Without<EngineEventOf<'network'>, 'unit' | 'time'>;

/** Longest list; a full routing table of a border router is nobody's map. */
const mostFacts = 1024;

/**
 * The networks that this machine sees and that the job touches: prefixes on its links, prefixes behind gateways, and the default routes when
 * an address of the job is not in any of the others.
 */
export function networkFacts(table: Pick<NetworkTable, 'links' | 'routes'>, wanted: RangeSet): NetworkFact[] {
  const links = new Map(table.links().map((link) => [link.index, link]));
  const own = [...links.values()].flatMap((link) => ownNetworks(link, wanted));
  const behind: NetworkFact[] = [];
  const everywhere: NetworkFact[] = [];
  for (const { prefix, gateway, linkIndex } of table.routes()) {
    const link = links.get(linkIndex);
    const range = rangeOf(prefix);
    if (!link || link.loopback || !range || !touches(range, wanted)) continue;
    if (gateway === null && own.some((fact) => fact.prefix === prefix && fact.link === link.name)) continue;
    const fact: NetworkFact = { type: 'network', prefix, gateway, ...linkOf(link), source: 'route' };
    (prefix.endsWith('/0') ? everywhere : behind).push(fact);
  }
  const near = [...own, ...behind];
  const known = rangeSet(near.flatMap(({ prefix }) => rangeOf(prefix) ?? []));
  return [...near, ...(covers(known, wanted) ? [] : everywhere)].slice(0, mostFacts);
}

/** Prefixes in which the link has an address of its own. */
function ownNetworks(link: LinkInfo, wanted: RangeSet): NetworkFact[] {
  if (link.loopback || !link.up) return [];
  const prefixes = new Set<string>();
  for (const { address, prefix } of link.addresses) {
    const parsed = parseIp(address);
    if (!parsed.ok) continue;
    const range = cidrRange(parsed.value, prefix);
    if (touches(range, wanted)) prefixes.add(`${formatIp({ family: range.family, bits: range.first })}/${prefix}`);
  }
  return [...prefixes].map((prefix) => ({
    type: 'network',
    prefix,
    gateway: null,
    ...linkOf(link),
    source: 'interface',
  }));
}

function linkOf(link: LinkInfo): Pick<NetworkFact, 'link' | 'vlan'> {
  return { link: link.name.slice(0, 32), ...(link.vlan === null ? {} : { vlan: link.vlan.id }) };
}

function rangeOf(prefix: string): IpRange | null {
  const range = parseRange(prefix);
  return range.ok ? range.value : null;
}

function touches(range: IpRange, wanted: RangeSet): boolean {
  return intersect([range], wanted).length > 0;
}
