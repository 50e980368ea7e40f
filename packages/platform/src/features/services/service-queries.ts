import type { listServicesQuery } from '@picket/contracts/api/inventory';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { onSeenAssets } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import { containsPattern, countLimit, decodeCursor } from '../../server/page-cursor.ts';
import { allOf } from '../../storage/severity-counts.ts';
import type { Schema } from '../../storage/schema.ts';

export interface ServiceRow {
  readonly id: number;
  readonly asset_id: number;
  readonly address: string;
  readonly asset_name: string | null;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly state: string;
  readonly service: string;
  readonly tunnel: string | null;
  readonly vendor: string | null;
  readonly product: string | null;
  readonly version: string | null;
  readonly info: string | null;
  readonly cpes: unknown;
  readonly confidence: number;
  readonly method: string | null;
  readonly evidence: unknown;
  readonly tls: unknown;
  readonly first_seen: Date;
  readonly last_seen: Date;
}

type Query = z.output<typeof listServicesQuery>;
type Filter = Omit<Query, 'cursor' | 'limit'>;

function filtersOf(scope: AccessScope, query: Filter): RawBuilder<unknown> {
  const filters: RawBuilder<unknown>[] = [sql`service.subscription_id = ${scope.subscriptionId}`];
  if (query.assetId !== undefined) filters.push(sql`service.asset_id = ${query.assetId}`);
  if (query.service !== undefined) filters.push(sql`service.service = ${query.service}`);
  if (query.port !== undefined) filters.push(sql`service.port = ${query.port}`);
  if (query.q !== undefined && query.q.trim() !== '') {
    const pattern = containsPattern(query.q.trim());
    filters.push(sql`(service.service ilike ${pattern} or service.vendor ilike ${pattern} or service.product ilike ${pattern}
      or service.version ilike ${pattern}
      or asset.name ilike ${pattern} or host(asset.address) like ${pattern})`);
  }
  return allOf(filters);
}

/** By address, port and id; one row more than the page holds. */
export async function listServices(
  scope: AccessScope,
  db: Kysely<Schema>,
  query: Query,
): Promise<readonly ServiceRow[]> {
  const after = decodeCursor('service', 3, query.cursor);
  const [address = null, port = null, id = null] = after ?? [];
  const start =
    after === null
      ? sql`true`
      : sql`(asset.address, service.port, service.id) > (${address}::inet, ${port}::integer, ${id}::bigint)`;
  const { rows } = await sql<ServiceRow>`
    select service.*, asset.address, asset.name as asset_name from ${onSeenAssets(scope, 'service')}
    where ${filtersOf(scope, query)} and ${start}
    order by asset.address, service.port, service.id limit ${query.limit + 1}`.execute(db);
  return rows;
}

export async function countServices(scope: AccessScope, db: Kysely<Schema>, query: Filter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (
      select 1 from ${onSeenAssets(scope, 'service')} where ${filtersOf(scope, query)} limit ${countLimit}
    ) counted`.execute(db);
  return rows[0]?.n ?? 0;
}
