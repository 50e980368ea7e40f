import { z } from 'zod';
import { id } from '../primitive.ts';
import { pageQuery } from './page.ts';

const name = z.string().trim().min(1).max(64);
const comments = z.string().trim().max(2000);

/** Part of the organisation with people, asset groups and appliances of its own. */
export const businessUnit = z.object({
  id,
  name: z.string(),
  comments: z.string(),
  accounts: z.number().int(),
  assetGroups: z.number().int(),
});
export type BusinessUnit = z.infer<typeof businessUnit>;
export const businessUnitRequest = z.object({ name, comments: comments.default('') });

/** Addresses of one network, as a person writes them or as `formatRange` texts. */
const groupNetwork = z.object({
  networkId: id,
  networkName: z.string(),
  ranges: z.array(z.string()),
  exclusions: z.array(z.string()),
});

/** Addresses with the appliances and people that belong to them. */
export const assetGroup = z.object({
  id,
  name: z.string(),
  comments: z.string(),
  /** The one group All: every address of every network and every appliance. It is neither changed nor deleted. */
  coversAll: z.boolean(),
  businessUnitId: id.nullable(),
  businessUnitName: z.string().nullable(),
  networks: z.array(groupNetwork),
  applianceIds: z.array(id),
  /** Accounts that were given the group, as far as the caller administers or audits people. */
  accountIds: z.array(id),
  assets: z.number().int(),
});
export type AssetGroup = z.infer<typeof assetGroup>;

export const listAssetGroupsQuery = pageQuery.extend({ businessUnitId: z.coerce.number().int().min(1).optional() });

export const assetGroupRequest = z.object({
  name,
  comments: comments.default(''),
  businessUnitId: id.nullable().default(null),
  networks: z
    .array(
      z.object({
        networkId: id,
        /** Target grammar without names: addresses, prefixes, ranges; commas, blanks or lines between. */
        ranges: z.string().max(1_000_000),
        exclusions: z.string().max(1_000_000).default(''),
      }),
    )
    .max(100)
    .default([]),
  applianceIds: z.array(id).max(1000).default([]),
});
