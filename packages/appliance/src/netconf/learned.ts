import { z } from 'zod';

/** What a DHCP server gave (RFC 2131, RFC 2132); addresses in canonical form. */
export const dhcpLease = z.strictObject({
  address: z.ipv4(),
  prefixLength: z.int().min(1).max(32),
  /** Option 3, or the default route of option 121, which goes before (RFC 3442). */
  gateway: z.ipv4().nullable(),
  /** Option 6. */
  dns: z.array(z.ipv4()).max(8),
  /** Option 44. */
  wins: z.array(z.ipv4()).max(8),
  /** Option 46: 1 broadcast, 2 point to point, 4 mixed, 8 hybrid; for the log. */
  netbiosNode: z.int().nullable(),
  /** Option 15. */
  domain: z.string().max(253).nullable(),
  /** Option 119. */
  search: z.array(z.string().max(253)).max(16),
  /** Option 121 without its default route. */
  routes: z.array(z.strictObject({ destination: z.string(), gateway: z.ipv4() })).max(64),
  /** Option 54. */
  server: z.ipv4().nullable(),
  seconds: z.int().min(0),
  /** ISO time at which it was given or renewed. */
  obtainedAt: z.string(),
});
export type DhcpLease = z.infer<typeof dhcpLease>;

/** What a DHCPv6 server gave (RFC 8415). `address` is null where it was asked for information only. */
export interface Dhcp6Lease {
  readonly address: string | null;
  readonly dns: readonly string[];
  readonly search: readonly string[];
  readonly seconds: number;
  readonly obtainedAt: string;
}

/** The part of a router advertisement that the kernel does not act on (RFC 4861, RFC 8106). */
export interface Advertisement {
  /** Link-local address of the router; null where its lifetime says that it is no default router. */
  readonly router: string | null;
  /** Addresses come by DHCPv6 (M); other facts do (O). */
  readonly managed: boolean;
  readonly other: boolean;
  readonly dns: readonly string[];
  readonly search: readonly string[];
}

/** What the network told us so far, by client (`lan`, `wan`, `vlan5`). */
export interface Learned {
  readonly leases: ReadonlyMap<string, DhcpLease>;
  readonly leases6: ReadonlyMap<string, Dhcp6Lease>;
  readonly advertisements: ReadonlyMap<string, Advertisement>;
  /** Static addresses that another machine on the link answers for. */
  readonly conflicts: ReadonlySet<string>;
}

/** Before anything was heard. */
export const nothingLearned: Learned = {
  leases: new Map(),
  leases6: new Map(),
  advertisements: new Map(),
  conflicts: new Set(),
};
