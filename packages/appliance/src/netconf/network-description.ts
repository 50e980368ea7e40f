import { scanNetwork } from '@picket/contracts/scan-network';
import { z } from 'zod';
import { networkFacts } from './network-facts.ts';
import { networkSettings } from './network-settings.ts';

const space = z.enum(['scan', 'management']);

/** How packets to one target leave: what the kernel is configured to do, told from the plan. */
export const scanPath = z.object({
  device: z.string(),
  /** Null: the kernel chooses among advertised addresses. */
  source: z.string().nullable(),
  /** 802.1Q tag on the wire; 0: untagged. */
  vlan: z.number(),
  gateway: z.string().nullable(),
  resolvers: z.array(z.string()),
  wins: z.array(z.string()),
});
export type ScanPath = z.infer<typeof scanPath>;

/** The network as it is in force, whole: for people who look into it. */
export const networkDescription = z.object({
  kind: z.enum(['physical', 'virtual']),
  /** As typed in at the console. */
  settings: networkSettings.omit({ proxy: true }),
  /** The proxy without who logs in to it. */
  proxy: z.object({ host: z.string(), port: z.number(), authenticates: z.boolean() }).nullable(),
  /** As the platform set it. */
  scanNetwork,
  facts: networkFacts,
  /** Interfaces with the addresses that the kernel has on them. */
  devices: z.array(
    z.object({
      space,
      device: z.string(),
      vlan: z.number(),
      up: z.boolean(),
      carrier: z.boolean(),
      addresses: z.array(z.string()),
    }),
  ),
  /** Routes beyond those of the interfaces themselves. `table`: `management` is the daemon's own. */
  routes: z.array(
    z.object({
      space,
      destination: z.string(),
      gateway: z.string().nullable(),
      device: z.string(),
      table: z.enum(['main', 'management']),
    }),
  ),
  /** One for each address that was asked about; null: there is no way. */
  paths: z.array(z.object({ target: z.string(), path: scanPath.nullable() })),
});
export type NetworkDescription = z.infer<typeof networkDescription>;
