import { z } from 'zod';

/** How many virtual appliances a subscription may have unless a Manager says otherwise (spec section 8). */
export const defaultVirtualLimit = 5;

/** Appliances that came, or will come, by a personalization code, and the image that makes instances of them. */
export const virtualAppliances = z.object({
  /** The subscription has the feature. */
  on: z.boolean(),
  limit: z.number().int(),
  /** Provisioned or personalized, and neither deleted nor revoked. */
  used: z.number().int(),
  /** The image to download; null where this platform holds none. */
  image: z.object({ name: z.string(), bytes: z.number().int() }).nullable(),
});
export type VirtualAppliances = z.infer<typeof virtualAppliances>;

export const virtualLimitRequest = z.object({ limit: z.number().int().min(0).max(100_000) });
