import { z } from 'zod';

/** One port as it is. */
export const portFacts = z.object({
  device: z.string(),
  mac: z.string().nullable(),
  up: z.boolean(),
  carrier: z.boolean(),
  /** Megabits a second and duplex, where the driver tells. */
  speed: z.number().nullable(),
  duplex: z.enum(['full', 'half']).nullable(),
  method: z.enum(['dhcp', 'static']),
  /** Family of its own network: 6 in IPv6-only mode. */
  family: z.union([z.literal(4), z.literal(6)]),
  /** Usable addresses with their prefix length. */
  addresses: z.array(z.string()),
  gateway: z.string().nullable(),
  dns: z.array(z.string()),
  /** The lease in force; null with a static address and before the first one. */
  lease: z.object({ server: z.string().nullable(), seconds: z.number(), obtainedAt: z.string() }).nullable(),
  /** What goes wrong: an invalid configuration, no DHCP server, a declined address, a link mode that the driver refuses. */
  trouble: z.array(
    z.object({ code: z.string(), invalidConfiguration: z.boolean(), loopback: z.boolean(), message: z.string() }),
  ),
});
export type PortFacts = z.infer<typeof portFacts>;

/** What the network helper tells of the network: to the daemon, and through it to console and platform. No secrets. */
export const networkFacts = z.object({
  at: z.string(),
  split: z.boolean(),
  lan: portFacts,
  wan: portFacts.nullable(),
  /** For whoever scans. */
  scan: z.object({ resolvers: z.array(z.string()), search: z.array(z.string()), wins: z.array(z.string()) }),
  /** The platform's document in force; `unconfirmed` until the appliance has reached the platform with it. */
  scanNetwork: z.object({
    generation: z.number(),
    unconfirmed: z.boolean(),
    refusedGeneration: z.number().nullable(),
    vlans: z.number(),
    routes: z.number(),
    /** VLANs that got no address, and why; the first 50. */
    trouble: z.array(z.object({ vlan: z.number(), message: z.string() })),
  }),
  /** What could not be applied, in words; the first 50. */
  failures: z.array(z.string()),
});
export type NetworkFacts = z.infer<typeof networkFacts>;
