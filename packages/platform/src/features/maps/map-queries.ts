import { canonicalIp } from '@picket/base/ip';
import { type Kysely, sql } from 'kysely';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { ScanStatusColumn } from '../../storage/tables/scan.ts';
import type { Schema } from '../../storage/schema.ts';
import type { OpenUnit } from './domain/coverage.ts';

export interface JobRow {
  readonly id: number;
  readonly kind: 'map' | 'scan';
  readonly title: string;
  readonly status: ScanStatusColumn;
  readonly complete: boolean | null;
  readonly network_id: number;
  readonly network_name: string;
  readonly request: unknown;
  readonly plan: unknown;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly fact_revision: number;
}

const columns = (
  scope: AccessScope,
) => sql`scan.id, scan.kind, scan.title, scan.status, scan.complete, scan.network_id, network.name as network_name,
  scan.request, scan.plan, scan.started_at, scan.ended_at, scan.fact_revision
  from ${seen(scope, 'scan')} join ${seen(scope, 'network')} on network.subscription_id = scan.subscription_id and network.id = scan.network_id`;

export async function findJob(scope: AccessScope, db: Kysely<Schema>, id: number): Promise<JobRow | null> {
  const { rows } = await sql<JobRow>`
    select ${columns(scope)} where scan.subscription_id = ${scope.subscriptionId} and scan.id = ${id}`.execute(db);
  return rows[0] ?? null;
}

/**
 * The finished job to compare with: before this one, of the same kind and network; one with the same targets goes before a newer
 * one with others.
 */
export async function findBaseline(scope: AccessScope, db: Kysely<Schema>, job: JobRow): Promise<JobRow | null> {
  const { rows } = await sql<JobRow>`
    select ${columns(scope)}
    where scan.subscription_id = ${scope.subscriptionId} and scan.network_id = ${job.network_id} and scan.kind = ${job.kind}
      and scan.id < ${job.id} and scan.status = 'finished'
    order by (scan.plan -> 'ranges') = (${JSON.stringify(Reflect.get(Object(job.plan), 'ranges') ?? [])}::jsonb) desc, scan.id desc
    limit 1`.execute(db);
  return rows[0] ?? null;
}

/** Facts in one look, so that a big map neither holds the database nor this process for long. */
export const factPage = 2000;

export interface FactRow {
  readonly key: string;
  readonly event: unknown;
}

/** Facts that a map is made of, by key, after `after`. Evidence is left out: it is the largest part and no map shows it. */
export async function mapFacts(
  scope: AccessScope,
  db: Kysely<Schema>,
  scanId: number,
  after: string,
): Promise<readonly FactRow[]> {
  const { rows } = await sql<FactRow>`
    select key, case when type = 'service' then (event - 'evidence') #- '{tls,survey}' else event end as event
    from ${seen(scope, 'scan_fact')}
    where subscription_id = ${scope.subscriptionId} and scan_id = ${scanId} and key > ${after}
      and type in ('host', 'port', 'service', 'os', 'route', 'network')
    order by key limit ${factPage}`.execute(db);
  return rows;
}

/** Units that are not done: what the job did not look at. */
export async function openUnits(scope: AccessScope, db: Kysely<Schema>, scanId: number): Promise<readonly OpenUnit[]> {
  return db
    .selectFrom(seen(scope, 'unit'))
    .select(['phase', 'subject', 'state', 'reason'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('state', '<>', 'done')
    .execute();
}

/** Ids of assets by address, for links from a map to the inventory. */
export async function assetIds(
  scope: AccessScope,
  db: Kysely<Schema>,
  networkId: number,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (addresses.length === 0) return new Map();
  const { rows } = await sql<{ id: number; address: string }>`
    select asset.id, host(asset.address) as address
    from json_array_elements_text(${JSON.stringify(addresses)}::json) as given (address)
    join ${seen(scope, 'asset')} on asset.subscription_id = ${scope.subscriptionId} and asset.network_id = ${networkId}
      and asset.address = given.address::inet`.execute(db);
  return new Map(rows.map((row) => [canonicalIp(row.address) ?? row.address, row.id]));
}
