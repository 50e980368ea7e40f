import { z } from 'zod';
import { id, isoDateTime } from '../primitive.ts';

/** Addresses that no map or scan of the subscription touches, in any network, whatever its targets are. */
export const exclusion = z.object({
  id,
  /** As it was written. */
  targets: z.string(),
  /** Canonical, merged; those of the names are in it. */
  ranges: z.array(z.string()),
  /** As they resolved when it was saved. Every plan asks again and leaves out both. */
  names: z.array(z.object({ name: z.string(), addresses: z.array(z.string()) })),
  addresses: z.string().meta({ description: 'Number of addresses, decimal text: may exceed 2^53.' }),
  reason: z.string(),
  updatedAt: isoDateTime,
  updatedBy: z.string(),
});
export type Exclusion = z.infer<typeof exclusion>;

export const exclusionRequest = z.object({
  /** Target grammar: addresses, prefixes, ranges and names. */
  targets: z.string().max(1_000_000),
  /** Why, for whoever wonders later. */
  reason: z.string().trim().min(1).max(500),
});

/** Who excludes: the whole subscription, the network, an asset group that was taken as a target, or the request itself. */
export const exclusionSource = z.enum(['subscription', 'network', 'asset-group', 'scan']);

/** Addresses of the targets that one source leaves out. Sources may name the same ones. */
export const excludedPart = z.object({
  source: exclusionSource,
  /** Of the network or asset group; null otherwise. */
  name: z.string().nullable(),
  addresses: z.string().meta({ description: 'Decimal text: may exceed 2^53.' }),
});
export type ExcludedPart = z.infer<typeof excludedPart>;
