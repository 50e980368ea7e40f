import type { listDetectionsQuery } from '@picket/contracts/api/inventory';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { onSeenAssets, seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import { type CursorValue, countLimit, decodeCursor } from '../../server/page-cursor.ts';
import type { DetectionStatusColumn } from '../../storage/tables/asset.ts';
import type { Schema } from '../../storage/schema.ts';
import { type DetectionFilter, detectionFilter } from './detection-filter.ts';

export interface DetectionRow {
  readonly id: number;
  readonly asset_id: number;
  readonly address: string;
  readonly asset_name: string | null;
  readonly network_name: string;
  readonly check_id: string;
  readonly check_number: number | null;
  readonly name: string;
  readonly severity: string;
  readonly severity_rank: number;
  readonly status: DetectionStatusColumn;
  readonly proof: string;
  readonly protocol: string;
  readonly port: number;
  readonly instance: string;
  readonly first_seen: Date;
  readonly last_seen: Date;
  readonly last_tested: Date;
  readonly fixed_at: Date | null;
  readonly times_found: number;
  readonly not_evaluable: string | null;
  readonly evidence: unknown;
  readonly content_version: string;
  /** Null: none, or one that the viewer does not see. */
  readonly seen_scan_id: number | null;
}

type Query = z.output<typeof listDetectionsQuery>;

/** All orders fall, worst or newest first, and end with the id. */
const orders: Readonly<
  Record<
    Query['sort'],
    { by: RawBuilder<unknown>; types: readonly string[]; key: (row: DetectionRow) => readonly CursorValue[] }
  >
> = {
  severity: {
    by: sql`detection.severity_rank, detection.last_seen, detection.id`,
    types: ['smallint', 'timestamptz', 'bigint'],
    key: (row) => [row.severity_rank, row.last_seen.toISOString(), row.id],
  },
  lastSeen: {
    by: sql`detection.last_seen, detection.id`,
    types: ['timestamptz', 'bigint'],
    key: (row) => [row.last_seen.toISOString(), row.id],
  },
  firstSeen: {
    by: sql`detection.first_seen, detection.id`,
    types: ['timestamptz', 'bigint'],
    key: (row) => [row.first_seen.toISOString(), row.id],
  },
};

const falling: Readonly<Record<Query['sort'], RawBuilder<unknown>>> = {
  severity: sql`detection.severity_rank desc, detection.last_seen desc, detection.id desc`,
  lastSeen: sql`detection.last_seen desc, detection.id desc`,
  firstSeen: sql`detection.first_seen desc, detection.id desc`,
};

/** Where the page after this row begins. */
export function detectionCursorKey(sort: Query['sort'], row: DetectionRow): readonly CursorValue[] {
  return orders[sort].key(row);
}

const columns = (
  scope: AccessScope,
) => sql`detection.*, asset.address, asset.name as asset_name, network.name as network_name, check_info.number as check_number,
  (select scan.id from ${seen(scope, 'scan')} where scan.subscription_id = detection.subscription_id and scan.id = detection.scan_id) as seen_scan_id`;

const named = (scope: AccessScope) => sql`${onSeenAssets(scope, 'detection')}
  join ${seen(scope, 'network')} on network.subscription_id = asset.subscription_id and network.id = asset.network_id
  left join check_info on check_info.subscription_id = detection.subscription_id and check_info.id = detection.check_id`;

/** One row more than the page holds. */
export async function listDetections(
  scope: AccessScope,
  db: Kysely<Schema>,
  query: Query,
): Promise<readonly DetectionRow[]> {
  const order = orders[query.sort];
  const before = decodeCursor(`detection:${query.sort}`, order.types.length, query.cursor);
  const values = before?.map((value, index) => sql`${value}::${sql.raw(order.types[index] ?? 'text')}`) ?? [];
  const start = before === null ? sql`true` : sql`(${order.by}) < (${sql.join(values)})`;
  const { rows } = await sql<DetectionRow>`
    select ${columns(scope)} from ${named(scope)} where ${detectionFilter(scope, query)} and ${start}
    order by ${falling[query.sort]} limit ${query.limit + 1}`.execute(db);
  return rows;
}

export async function countDetections(scope: AccessScope, db: Kysely<Schema>, query: DetectionFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (
      select 1 from ${onSeenAssets(scope, 'detection')} where ${detectionFilter(scope, query)} limit ${countLimit}
    ) counted`.execute(db);
  return rows[0]?.n ?? 0;
}

export async function findDetection(
  scope: AccessScope,
  db: Kysely<Schema>,
  id: number,
): Promise<DetectionRow | undefined> {
  const { rows } = await sql<DetectionRow>`
    select ${columns(scope)} from ${named(scope)}
    where detection.subscription_id = ${scope.subscriptionId} and detection.id = ${id}`.execute(db);
  return rows[0];
}
