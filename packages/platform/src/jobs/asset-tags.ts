import { edgesOf } from '../server/access/inside.ts';
import { rangesOf } from './rule-ranges.ts';
import { type TagRule, tagRule } from '@picket/contracts/api/tag';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { seen, underSeen } from '../server/access/seen.ts';
import type { Viewer } from '../server/access/sight.ts';
import { containsPattern } from '../server/page-cursor.ts';
import type { Schema } from '../storage/schema.ts';

/** Tags of a subscription at most: every list of assets looks at all of them. */
export const mostTags = 200;

/** A tag as it is kept. */
export interface StoredTag {
  readonly id: number;
  readonly name: string;
  readonly rule: TagRule | null;
}

/** The tags with these ids, or all. */
export async function readTags(
  viewer: Pick<Viewer, 'subscriptionId'>,
  db: Kysely<Schema>,
  ids?: readonly number[],
): Promise<readonly StoredTag[]> {
  if (ids?.length === 0) return [];
  let query = db.selectFrom('tag').select(['id', 'name', 'rule']).where('subscription_id', '=', viewer.subscriptionId);
  if (ids) query = query.where('id', 'in', [...ids]);
  const rows = await query.orderBy(sql`lower(name)`).limit(mostTags).execute();
  return rows.map((row) => ({ ...row, rule: tagRule.nullable().parse(row.rule) }));
}

/** Whether a row of `asset`, which the query reads through `seen`, has the tag. One look into an index for each row. */
export function hasTag(tag: StoredTag): RawBuilder<unknown> {
  const { rule } = tag;
  if (rule === null) {
    return sql`exists (select 1 from ${underSeen('tag_asset')} where tag_asset.subscription_id = asset.subscription_id
      and tag_asset.asset_id = asset.id and tag_asset.tag_id = ${tag.id})`;
  }
  const parts: RawBuilder<unknown>[] = [];
  if (rule.networkId !== null) parts.push(sql`asset.network_id = ${rule.networkId}`);
  if (rule.ranges.trim() !== '') {
    const { ranges } = rangesOf(rule.ranges);
    parts.push(sql`width_bucket(asset.address, (select ${edgesOf(ranges)}::text::inet[])) % 2 = 1`);
  }
  if (rule.os !== '') parts.push(sql`asset.os ilike ${containsPattern(rule.os)}`);
  const service = openService(rule);
  if (service) parts.push(service);
  return parts.length === 0 ? sql`false` : sql`(${sql.join(parts, sql` and `)})`;
}

/** One open port that is all that the rule says of ports; null when it says nothing. */
function openService({ port, protocol, service, product }: TagRule): RawBuilder<unknown> | null {
  const parts: RawBuilder<unknown>[] = [];
  if (port !== null) parts.push(sql`service.port = ${port}`);
  if (protocol !== null) parts.push(sql`service.protocol = ${protocol}`);
  if (service !== '') parts.push(sql`lower(service.service) = ${service.toLowerCase()}`);
  if (product !== '') parts.push(sql`service.product ilike ${containsPattern(product)}`);
  if (parts.length === 0) return null;
  return sql`exists (select 1 from ${underSeen('service')} where service.subscription_id = asset.subscription_id
    and service.asset_id = asset.id and service.state = 'open' and ${sql.join(parts, sql` and `)})`;
}

/** The tags of some assets that the viewer sees, by asset. */
export async function tagsOfAssets(
  viewer: Viewer,
  db: Kysely<Schema>,
  assetIds: readonly number[],
): Promise<ReadonlyMap<number, { readonly id: number; readonly name: string }[]>> {
  const tags = assetIds.length === 0 ? [] : await readTags(viewer, db);
  if (tags.length === 0) return new Map();
  const each = tags.map(
    (tag) => sql`select asset.id, ${tag.id}::bigint as tag from given as asset where ${hasTag(tag)}`,
  );
  const { rows } = await sql<{ id: unknown; tag: unknown }>`
    with given as materialized (select * from ${seen(viewer, 'asset')}
      where asset.subscription_id = ${viewer.subscriptionId} and asset.id in (${sql.join(assetIds)}))
    ${sql.join(each, sql` union all `)}`.execute(db);
  const names = new Map(tags.map((tag) => [tag.id, tag.name]));
  const found = rows.map((row) => ({ asset: z.number().parse(row.id), tag: z.number().parse(row.tag) }));
  return new Map(
    [...Map.groupBy(found, (one) => one.asset)].map(([id, own]) => [
      id,
      own.map((one) => ({ id: one.tag, name: names.get(one.tag) ?? '' })),
    ]),
  );
}
