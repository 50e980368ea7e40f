import type { RangeSet } from '@picket/base/range-set';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../storage/schema.ts';
import { type GroupRow, seenNetworks } from './read-sight.ts';
import { seen } from './seen.ts';
import type { Viewer } from './sight.ts';

/** An asset group as far as its addresses go: exclusions are taken out. */
export interface GroupAddresses {
  readonly name: string;
  readonly coversAll: boolean;
  readonly networks: ReadonlyMap<number, RangeSet>;
}

/** Those of the asset groups that the viewer sees, by id. */
export async function readGroups(
  viewer: Viewer,
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, GroupAddresses>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<GroupRow & { readonly name: string }>`
    select asset_group.id, asset_group.name, asset_group.covers_all as "coversAll", asset_group_range.network_id as "networkId",
      asset_group_range.kind, host(asset_group_range.first_address) as first, host(asset_group_range.last_address) as last
    from ${seen(viewer, 'asset_group')}
    left join ${seen(viewer, 'asset_group_range')} on asset_group_range.subscription_id = asset_group.subscription_id
      and asset_group_range.asset_group_id = asset_group.id
    where asset_group.subscription_id = ${viewer.subscriptionId} and asset_group.id in (${sql.join(ids)})`.execute(db);
  return new Map(
    [...Map.groupBy(rows, (row) => row.id)].flatMap(([id, own]) => {
      const [first] = own;
      return first ? [[id, { name: first.name, coversAll: first.coversAll, networks: seenNetworks(own) }]] : [];
    }),
  );
}
