import { z } from 'zod';
import { ipLiteral, transport } from '../primitive.ts';
import { roleNames } from './role-rules.ts';

/**
 * A map: what a job saw of networks, the ways between them and the hosts in them. `fold-map.ts` makes it out of events; the
 * platform and `picket map` say the same because they use the same fold.
 */

/** Bounds of one map. What lies beyond is counted in `dropped`, never silently left out. */
export const mapLimits = { networks: 4096, routers: 8192, links: 16_384, hosts: 262_144 } as const;

export const roleName = z.enum(roleNames);

export const roleEvidence = z.object({
  role: roleName,
  /** Did what the role is; said so; or only an open port or the maker of its interface speaks for it. */
  strength: z.enum(['seen', 'likely', 'guess']),
  evidence: z.array(z.string()),
});

/** How many hosts are drawn as each role; `none` for those with no role. */
export const roleCounts = z.record(z.string(), z.number().int().nonnegative());

export const mapNetwork = z.object({
  /** `10.0.0.0/24`; identifies the network within the map. */
  prefix: z.string(),
  /**
   * `link`: the scanner reaches it without a gateway. `route`: a routing table leads to it through one. `default`: the
   * way to everything else. `assumed`: nobody named it; hosts that were seen lie in this /24 or /64.
   */
  kind: z.enum(['link', 'route', 'default', 'assumed']),
  gateways: z.array(ipLiteral),
  links: z.array(z.string()),
  vlans: z.array(z.number().int()),
  /** The router that most of the ways to its hosts pass last, else its gateway; null when it is on link. */
  via: ipLiteral.nullable(),
  hosts: z.number().int().nonnegative(),
  roles: roleCounts,
});
export type MapNetwork = z.output<typeof mapNetwork>;

/** Something that forwards: a gateway of a network, or a hop of a traced way. It need not be a target of the job. */
export const mapRouter = z.object({
  address: ipLiteral,
  gatewayOf: z.array(z.string()),
  /** Traced ways that it forwarded. */
  forwards: z.number().int().nonnegative(),
  /** Hops from the scanner, at least 1; null when no traced way shows it. */
  distance: z.number().int().nullable(),
  /** It is also one of the hosts of this map. */
  host: z.boolean(),
  name: z.string().nullable(),
});
export type MapRouter = z.output<typeof mapRouter>;

/** Two routers that follow each other on a traced way. */
export const mapLink = z.object({
  /** Null: the scanner. */
  from: ipLiteral.nullable(),
  to: ipLiteral,
  /** Hops between them that stayed silent, the fewest seen. */
  silent: z.number().int().nonnegative(),
  /** Traced ways over it. */
  routes: z.number().int().positive(),
});
export type MapLink = z.output<typeof mapLink>;

export const mapPort = z.object({
  protocol: transport,
  port: z.number().int(),
  service: z.string().nullable(),
  product: z.string().nullable(),
});

export const mapHost = z.object({
  address: ipLiteral,
  /** Prefix of its network in this map. */
  network: z.string(),
  /** The name that people know it by; null when it showed none. */
  name: z.string().nullable(),
  names: z.array(z.object({ name: z.string(), source: z.string() })),
  mac: z.string().nullable(),
  macVendor: z.string().nullable(),
  os: z.string().nullable(),
  /** How it showed itself. */
  reason: z.string(),
  roles: z.array(roleEvidence),
  openPorts: z.array(mapPort),
  /** The last router that answered on the way to it; null when it is on link or nothing is known. */
  via: ipLiteral.nullable(),
  /** Hops from the scanner, 1 on link; null when no way was traced to its end. */
  distance: z.number().int().nullable(),
});
export type MapHost = z.output<typeof mapHost>;

/** Everything but the hosts: small whatever the size of the map. */
export const mapSkeleton = z.object({
  networks: z.array(mapNetwork),
  routers: z.array(mapRouter),
  links: z.array(mapLink),
  hosts: z.number().int().nonnegative(),
  roles: roleCounts,
  dropped: z.object({
    networks: z.number().int().nonnegative(),
    routers: z.number().int().nonnegative(),
    links: z.number().int().nonnegative(),
    hosts: z.number().int().nonnegative(),
  }),
});
export type MapSkeleton = z.output<typeof mapSkeleton>;

export interface MapResult {
  readonly skeleton: MapSkeleton;
  /** By address. */
  readonly hosts: readonly MapHost[];
}

/** The role that a host is drawn and counted as. */
export function shownRole(host: Pick<MapHost, 'roles'>): z.output<typeof roleName> | 'none' {
  return host.roles[0]?.role ?? 'none';
}
