import type { listAssetsQuery } from '@picket/contracts/api/inventory';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { hasTag, type StoredTag } from '../../jobs/asset-tags.ts';
import { inside } from '../../server/access/inside.ts';
import type { GroupAddresses } from '../../server/access/read-groups.ts';
import { seen, underSeen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import { type CursorValue, countLimit, decodeCursor } from '../../server/page-cursor.ts';
import { allOf, riskScore, severityCounts } from '../../storage/severity-counts.ts';
import type { Schema } from '../../storage/schema.ts';
import { assetSearch } from './asset-search.ts';

export interface AssetRow {
  readonly id: number;
  readonly network_id: number;
  readonly network_name: string;
  readonly address: string;
  readonly name: string | null;
  readonly names: unknown;
  readonly mac: string | null;
  readonly mac_vendor: string | null;
  readonly os: string | null;
  readonly os_confidence: number | null;
  readonly os_evidence: string | null;
  readonly first_seen: Date;
  readonly last_seen: Date;
  readonly last_scanned: Date | null;
  readonly open_ports: number;
  readonly detections: unknown;
  readonly risk: number;
  /** Hosts without a name sort behind all others. */
  readonly sort_name: string;
}

/** What the list is confined to: addresses of an asset group, assets that have a tag. */
type Query = z.output<typeof listAssetsQuery> & {
  readonly group?: GroupAddresses | undefined;
  readonly tag?: StoredTag | undefined;
};
type Filter = Pick<Query, 'q' | 'networkId' | 'group' | 'tag'>;
type Sort = Query['sort'];

/** Each order ends with the id, so that it is total and a page begins exactly where the last one ended. */
const orders: Readonly<
  Record<
    Sort,
    {
      readonly by: RawBuilder<unknown>;
      readonly types: readonly string[];
      readonly key: (row: AssetRow) => readonly CursorValue[];
    }
  >
> = {
  risk: { by: sql`-listed.risk, listed.id`, types: ['bigint', 'bigint'], key: (row) => [-row.risk, row.id] },
  address: { by: sql`listed.address, listed.id`, types: ['inet', 'bigint'], key: (row) => [row.address, row.id] },
  name: {
    by: sql`listed.sort_name, listed.id`,
    types: ['text', 'bigint'],
    key: (row) => [row.sort_name, row.id],
  },
  lastSeen: {
    by: sql`-(extract(epoch from listed.last_seen) * 1000)::bigint, listed.id`,
    types: ['bigint', 'bigint'],
    key: (row) => [-row.last_seen.getTime(), row.id],
  },
};

/** Where the page after this row begins. */
export function assetCursorKey(sort: Sort, row: AssetRow): readonly CursorValue[] {
  return orders[sort].key(row);
}

function filtersOf(scope: AccessScope, query: Filter): RawBuilder<unknown>[] {
  const filters: RawBuilder<unknown>[] = [sql`asset.subscription_id = ${scope.subscriptionId}`];
  if (query.networkId !== undefined) filters.push(sql`asset.network_id = ${query.networkId}`);
  if (query.group && !query.group.coversAll) {
    const covered = { groupIds: [], networks: query.group.networks };
    filters.push(inside(covered, sql`asset.network_id`, sql`asset.address`));
  }
  if (query.tag) filters.push(hasTag(query.tag));
  if (query.q !== undefined && query.q.trim() !== '') filters.push(assetSearch(query.q));
  return filters;
}

function listed(scope: AccessScope, filters: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select asset.*, network.name as network_name, coalesce(ports.open_ports, 0) as open_ports, found.detections, found.risk,
      coalesce('a' || lower(asset.name), 'b') as sort_name
    from ${seen(scope, 'asset')}
    join ${seen(scope, 'network')} on network.subscription_id = asset.subscription_id and network.id = asset.network_id
    left join lateral (
      select count(*) as open_ports from ${underSeen('service')}
      where service.subscription_id = asset.subscription_id and service.asset_id = asset.id and service.state = 'open'
    ) ports on true
    left join lateral (
      select ${severityCounts('detection')} as detections, ${riskScore('detection')} as risk from ${underSeen('detection')}
      where detection.subscription_id = asset.subscription_id and detection.asset_id = asset.id
        and detection.status <> 'fixed'
    ) found on true
    where ${filters}`;
}

/** One row more than the page holds. */
export async function listAssets(scope: AccessScope, db: Kysely<Schema>, query: Query): Promise<readonly AssetRow[]> {
  const order = orders[query.sort];
  const after = decodeCursor(`asset:${query.sort}`, order.types.length, query.cursor);
  const values = after?.map((value, index) => sql`${value}::${sql.raw(order.types[index] ?? 'text')}`) ?? [];
  const start = after === null ? sql`true` : sql`(${order.by}) > (${sql.join(values)})`;
  const { rows } = await sql<AssetRow>`
    select * from (${listed(scope, allOf(filtersOf(scope, query)))}) listed
    where ${start} order by ${order.by} limit ${query.limit + 1}`.execute(db);
  return rows;
}

export async function countAssets(scope: AccessScope, db: Kysely<Schema>, query: Filter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (
      select 1 from ${seen(scope, 'asset')} where ${allOf(filtersOf(scope, query))} limit ${countLimit}
    ) counted`.execute(db);
  return rows[0]?.n ?? 0;
}

export async function findAsset(scope: AccessScope, db: Kysely<Schema>, id: number): Promise<AssetRow | undefined> {
  const filters = allOf([sql`asset.subscription_id = ${scope.subscriptionId}`, sql`asset.id = ${id}`]);
  const { rows } = await sql<AssetRow>`${listed(scope, filters)}`.execute(db);
  return rows[0];
}
