import { z } from 'zod';
import { isoDateTime } from '../primitive.ts';
import { scanNetwork, scanNetworkReport } from '../scan-network.ts';

/**
 * What an appliance scans with beyond LAN's own network, and what became of it there. `pending`: the appliance has not said yet;
 * `rolled-back`: with it the appliance could not reach the platform, so it went back to what it had before.
 */
export const applianceScanNetwork = z.object({
  network: scanNetwork,
  changedAt: isoDateTime.nullable(),
  /** Login of who changed it last. */
  changedBy: z.string().nullable(),
  state: z.enum(['none', 'pending', ...scanNetworkReport.shape.state.options]),
  /** Why it was not applied. */
  detail: z.string().nullable(),
  reportedAt: isoDateTime.nullable(),
});
export type ApplianceScanNetwork = z.infer<typeof applianceScanNetwork>;
