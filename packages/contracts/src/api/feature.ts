import { z } from 'zod';

/**
 * What a Manager can switch off for the whole subscription (spec section 5). Off: the settings are not shown, the API refuses them, and appliances are told
 * to have none; what was set before is kept and comes back when it is switched on again.
 */
export const features = z.object({
  /** VLANs and static routes of appliances. */
  vlans: z.boolean(),
  /** Scanning over IPv6: addresses on LAN and in VLANs, and routes. */
  ipv6: z.boolean(),
  /** New virtual appliances, by personalization code. Those there are stay. */
  virtualAppliances: z.boolean(),
  /** The platform holds polls and hands out work at once (scan services). Off: appliances take it at their next poll. */
  scanServices: z.boolean(),
});
export type Features = z.infer<typeof features>;
/** What somebody who is not signed in is told of. */
export const noFeatures: Features = { vlans: false, ipv6: false, virtualAppliances: false, scanServices: false };
export const featureNames = features.keyof().options;

export const updateFeaturesRequest = features.partial();
