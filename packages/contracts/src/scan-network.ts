import { formatIp, parseIp, parseRange, cidrRange } from '@picket/base/ip';
import { z } from 'zod';
import { ipLiteral } from './primitive.ts';

/** The kernel's and the standard's bound: VLAN identifiers 0 and 4095 are reserved (IEEE 802.1Q). */
const vlanId = z.int().min(1).max(4094);

const ipv4 = ipLiteral.refine((text) => !text.includes(':'), { message: 'must be an IPv4 address' });
const ipv6 = ipLiteral.refine((text) => text.includes(':'), { message: 'must be an IPv6 address' });
const prefix4 = z.int().min(1).max(30);
const prefix6 = z.int().min(1).max(127);

/** A network prefix with no bit set behind its length, `10.20.0.0/16` or `fd00:20::/32`. */
const networkPrefix = z
  .string()
  .max(49)
  .refine(isNetworkPrefix, { message: 'must be a network with its prefix length, such as 10.20.0.0/16' });

const vlan = z.object({
  id: vlanId,
  /** For people. */
  name: z.string().max(64),
  ipv4: z
    .discriminatedUnion('method', [
      z.object({ method: z.literal('dhcp') }),
      z.object({ method: z.literal('static'), address: ipv4, prefixLength: prefix4 }),
    ])
    .nullable(),
  /** `automatic`: router advertisements. */
  ipv6: z
    .discriminatedUnion('method', [
      z.object({ method: z.literal('automatic') }),
      z.object({ method: z.literal('static'), address: ipv6, prefixLength: prefix6 }),
    ])
    .nullable(),
});

const route = z.object({
  destination: networkPrefix,
  gateway: ipLiteral,
  /** The VLAN that the gateway is in; null: LAN's own network. */
  vlan: vlanId.nullable(),
});

/**
 * The networks that an appliance scans beyond LAN's own, as the platform keeps them: one document, applied whole. A higher `generation`
 * replaces a lower one. It never touches management: nothing of it may be needed to reach the platform.
 */
export const scanNetwork = z
  .object({
    generation: z.int().min(0),
    vlans: z.array(vlan).max(4094),
    routes: z.array(route).max(4094),
    /** IPv6 on LAN's own network, for scanning: by router advertisement or a fixed address. Null: none. */
    ipv6: z
      .discriminatedUnion('method', [
        z.object({ method: z.literal('automatic') }),
        z.object({ method: z.literal('static'), address: ipv6, prefixLength: prefix6, gateway: ipv6.nullable() }),
      ])
      .nullable(),
  })
  .superRefine((document, context) => {
    for (const message of scanNetworkFaults(document)) context.addIssue(message);
  });
export type ScanNetwork = z.infer<typeof scanNetwork>;
export type ScanVlan = ScanNetwork['vlans'][number];
export type ScanRoute = ScanNetwork['routes'][number];

/** No VLAN, no route, no IPv6: what an appliance has before the platform says otherwise. */
export const emptyScanNetwork: ScanNetwork = { generation: 0, vlans: [], routes: [], ipv6: null };

/** What an appliance says of the document it was given last. */
export const scanNetworkReport = z.object({
  generation: z.int().min(0),
  /**
   * `rolled-back`: it could not reach the platform with it; `refused`: it could not be applied, nothing was changed; `unsupported`: nobody
   * manages the network of this machine.
   */
  state: z.enum(['applied', 'rolled-back', 'refused', 'unsupported']),
  detail: z.string().max(512).optional(),
});
export type ScanNetworkReport = z.infer<typeof scanNetworkReport>;

function scanNetworkFaults({ vlans, routes }: Pick<ScanNetwork, 'vlans' | 'routes'>): string[] {
  const ids = new Set<number>();
  const faults: string[] = [];
  for (const { id } of vlans) {
    if (ids.has(id)) faults.push(`VLAN ${id} is listed twice: a VLAN has one entry`);
    ids.add(id);
  }
  const destinations = new Set<string>();
  for (const each of routes) {
    if (destinations.has(each.destination)) faults.push(`the route to ${each.destination} is listed twice`);
    destinations.add(each.destination);
    if (each.destination.includes(':') !== each.gateway.includes(':'))
      faults.push(`the route to ${each.destination} has a gateway of the other address family: ${each.gateway}`);
    if (each.vlan !== null && !ids.has(each.vlan))
      faults.push(`the route to ${each.destination} is through VLAN ${each.vlan}, which is not listed`);
  }
  return faults;
}

function isNetworkPrefix(text: string): boolean {
  const [address, length, ...rest] = text.split('/');
  const parsed = parseIp(address ?? '');
  if (!parsed.ok || length === undefined || rest.length > 0 || !parseRange(text).ok) return false;
  const first = { family: parsed.value.family, bits: cidrRange(parsed.value, Number(length)).first };
  return `${formatIp(first)}/${Number(length)}` === text;
}
