import { z } from 'zod';
import { id, isoDateTime } from '../primitive.ts';

/** A named network: a place with its own address space. Only registered ranges can be scanned. */
export const network = z.object({
  id,
  name: z.string(),
  /** As stored: canonical ranges. */
  ranges: z.array(z.string()),
  exclusions: z.array(z.string()),
  addresses: z.string().meta({ description: 'Number of addresses, decimal text: may exceed 2^53.' }),
  /** A Manager's recorded word that public ranges belong to the organisation or may be scanned; null if none are held. */
  authorization: z.object({ statement: z.string(), by: z.string(), at: isoDateTime }).nullable(),
  applianceIds: z.array(id),
  assets: z.number().int(),
});
export type Network = z.infer<typeof network>;

export const networkRequest = z.object({
  name: z.string().trim().min(1).max(64),
  /** Target grammar without names: addresses, prefixes, ranges; commas, blanks or lines between. */
  ranges: z.string().max(1_000_000),
  exclusions: z.string().max(1_000_000).default(''),
  /** Needed when `ranges` holds public addresses: who allows it and why, in the Manager's own words. */
  authorization: z.string().trim().max(1000).optional(),
  applianceIds: z.array(id).max(1000).default([]),
});
