import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import type { BlockUnit } from './domain/scan-side.ts';

/** A job that is compared. */
export type ComparedRow = NonNullable<Awaited<ReturnType<typeof comparedScan>>>;

/** The job, if the caller sees it. */
export async function comparedScan(scope: AccessScope, db: Kysely<Schema>, scanId: number) {
  return db
    .selectFrom(seen(scope, 'scan'))
    .select([
      'id',
      'kind',
      'title',
      'status',
      'complete',
      'network_id',
      'plan',
      'started_at',
      'ended_at',
      'fact_revision',
    ])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scanId)
    .executeTakeFirst();
}

const deniedCount = z.object({ denied: z.number().int() }).partial().catch({});

/** Discovery of every block of a job. */
export async function blockUnits(
  scope: AccessScope,
  db: Kysely<Schema>,
  scanId: number,
): Promise<readonly BlockUnit[]> {
  const rows = await db
    .selectFrom(seen(scope, 'unit'))
    .select(['subject', 'state', 'reason', 'counts'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('phase', '=', 'discovery')
    .execute();
  return rows.map(({ counts, ...row }) => ({ ...row, denied: deniedCount.parse(counts).denied ?? 0 }));
}

/** Ids of the assets at these addresses of a network. */
export async function assetIds(
  scope: AccessScope,
  db: Kysely<Schema>,
  networkId: number,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (addresses.length === 0) return new Map();
  const { rows } = await sql<{ address: string; id: number }>`
    select given.value as address, asset.id from json_array_elements_text(${JSON.stringify(addresses)}::json) as given
    join ${seen(scope, 'asset')} on asset.subscription_id = ${scope.subscriptionId} and asset.network_id = ${networkId}
      and asset.address = given.value::inet`.execute(db);
  return new Map(rows.map((row) => [row.address, row.id]));
}

/** The run of the same schedule before this job. */
export async function runBefore(
  scope: AccessScope,
  db: Kysely<Schema>,
  { id: scanId, network_id: networkId }: Pick<ComparedRow, 'id' | 'network_id'>,
): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`
    select scan.id from schedule_run own
    join schedule_run earlier on earlier.subscription_id = own.subscription_id and earlier.schedule_id = own.schedule_id
    join ${seen(scope, 'scan')} on scan.subscription_id = earlier.subscription_id and scan.id = earlier.scan_id
    where own.subscription_id = ${scope.subscriptionId} and own.scan_id = ${scanId} and scan.id < ${scanId}
      and scan.network_id = ${networkId} and scan.ended_at is not null
    order by scan.id desc limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

/** Ended jobs of the same network and kind that are looked at for overlapping targets. */
const lookedAt = 200;

/** The last ended job of the same network and kind before this one whose addresses overlap. */
export async function overlapBefore(scope: AccessScope, db: Kysely<Schema>, scanId: number): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`
    with here as (select scan.network_id, scan.kind from ${seen(scope, 'scan')} where scan.subscription_id = ${scope.subscriptionId} and scan.id = ${scanId}),
      earlier as (select scan.id from ${seen(scope, 'scan')} join here on here.network_id = scan.network_id and here.kind = scan.kind
        where scan.subscription_id = ${scope.subscriptionId} and scan.id < ${scanId} and scan.ended_at is not null
        order by scan.id desc limit ${lookedAt}),
      part as (select scan_range.scan_id, scan_range.first_address, scan_range.last_address from ${seen(scope, 'scan_range')}
        where scan_range.subscription_id = ${scope.subscriptionId})
    select earlier.id from earlier where exists (select 1 from part theirs join part own on own.scan_id = ${scanId}
      and own.first_address <= theirs.last_address and own.last_address >= theirs.first_address where theirs.scan_id = earlier.id)
    order by earlier.id desc limit 1`.execute(db);
  return rows[0]?.id ?? null;
}
