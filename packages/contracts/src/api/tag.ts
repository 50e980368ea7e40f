import { z } from 'zod';
import { id, isoDateTime, transport } from '../primitive.ts';

const part = z.string().trim().max(128).default('');

/** What an asset must be like, all of it at once. Empty: any. Looked at whenever somebody reads, so that it is always as the assets are. */
export const tagRule = z.object({
  networkId: id.nullable().default(null),
  /** Target grammar without names. */
  ranges: z.string().max(100_000).default(''),
  /** Part of the operating system's name, e.g. `Linux`. */
  os: part,
  /** An open port; with it the protocol, service and product mean the same port. */
  port: z.number().int().min(1).max(65_535).nullable().default(null),
  protocol: transport.nullable().default(null),
  /** Name of the service, e.g. `ssh`. */
  service: part,
  /** Part of the product's name, e.g. `OpenSSH`. */
  product: part,
});
export type TagRule = z.output<typeof tagRule>;

/** A name for assets. */
export const tag = z.object({
  id,
  name: z.string(),
  /** By hand, or by a rule. */
  kind: z.enum(['manual', 'rule']),
  /** Null of tags by hand, and for those who do not see everything: a rule names addresses. */
  rule: tagRule.nullable(),
  updatedAt: isoDateTime,
  updatedBy: z.string(),
});
export type Tag = z.infer<typeof tag>;

export const tagRequest = z.object({ name: z.string().trim().min(1).max(64), rule: tagRule.nullable().default(null) });

/** A tag as it stands at an asset. */
export const assetTag = z.object({ id, name: z.string() });

/** Gives a tag to assets and takes it from others. */
export const tagAssetsRequest = z.object({
  add: z.array(id).max(1000).default([]),
  remove: z.array(id).max(1000).default([]),
});
