import type { Features } from '@picket/contracts/api/feature';
import type { ScanNetwork } from '@picket/contracts/scan-network';

/** What is left of a document with what the subscription has switched off: what an appliance gets, and what is shown. */
export function withoutSwitchedOff(
  document: ScanNetwork,
  { vlans, ipv6 }: Pick<Features, 'vlans' | 'ipv6'>,
): ScanNetwork {
  return {
    generation: document.generation,
    vlans: !vlans ? [] : ipv6 ? document.vlans : document.vlans.map((vlan) => ({ ...vlan, ipv6: null })),
    routes: !vlans ? [] : ipv6 ? document.routes : document.routes.filter(({ destination }) => !isIpv6(destination)),
    ipv6: ipv6 ? document.ipv6 : null,
  };
}

/** A new document with the parts of the one before that nobody could see: they come back when the feature does. */
export function keepSwitchedOff(
  wanted: ScanNetwork,
  before: ScanNetwork,
  { vlans, ipv6 }: Pick<Features, 'vlans' | 'ipv6'>,
): ScanNetwork {
  const lan6 = ipv6 ? wanted.ipv6 : before.ipv6;
  if (!vlans) return { ...wanted, vlans: before.vlans, routes: before.routes, ipv6: lan6 };
  if (ipv6) return wanted;
  const ipv6Of = new Map(before.vlans.map((vlan) => [vlan.id, vlan.ipv6]));
  const there = new Set(wanted.vlans.map(({ id }) => id));
  const hidden = before.routes.filter(
    ({ destination, vlan }) => isIpv6(destination) && (vlan === null || there.has(vlan)),
  );
  return {
    generation: wanted.generation,
    vlans: wanted.vlans.map((vlan) => ({ ...vlan, ipv6: ipv6Of.get(vlan.id) ?? null })),
    routes: [...wanted.routes, ...hidden],
    ipv6: lan6,
  };
}

/** What of a document is switched off, by field; none: it may be saved. */
export function switchedOffParts(
  wanted: ScanNetwork,
  { vlans, ipv6 }: Pick<Features, 'vlans' | 'ipv6'>,
): readonly (keyof ScanNetwork)[] {
  const of6 = ipv6
    ? { vlans: false, routes: false }
    : {
        vlans: wanted.vlans.some((vlan) => vlan.ipv6 !== null),
        routes: wanted.routes.some(({ destination }) => isIpv6(destination)),
      };
  return [
    ...((!vlans && wanted.vlans.length > 0) || of6.vlans ? (['vlans'] as const) : []),
    ...((!vlans && wanted.routes.length > 0) || of6.routes ? (['routes'] as const) : []),
    ...(!ipv6 && wanted.ipv6 !== null ? (['ipv6'] as const) : []),
  ];
}

function isIpv6(destination: string): boolean {
  return destination.includes(':');
}
