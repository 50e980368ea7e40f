import { type Kysely, sql } from 'kysely';
import { onSeenAssets, seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import { riskScore, severityCounts } from '../../storage/severity-counts.ts';
import type { Schema } from '../../storage/schema.ts';

export interface Totals {
  readonly assets: number;
  readonly never_scanned: number;
  readonly services: number;
  readonly detections: unknown;
  readonly new_detections: number;
  readonly reopened: number;
  readonly not_evaluable: number;
}

/** Counts over the whole inventory; `since`: from when a detection counts as new. */
export async function totals(scope: AccessScope, db: Kysely<Schema>, since: Date): Promise<Totals> {
  const id = scope.subscriptionId;
  const { rows } = await sql<Totals>`
    select known.*, listening.*, found.* from
      (select count(*) as assets, count(*) filter (where last_scanned is null) as never_scanned
        from ${seen(scope, 'asset')} where subscription_id = ${id}) known,
      (select count(*) as services from ${seen(scope, 'service')} where subscription_id = ${id} and state = 'open') listening,
      (select ${severityCounts('detection')} as detections,
          count(*) filter (where first_seen >= ${since}) as new_detections,
          count(*) filter (where status = 'reopened') as reopened,
          count(*) filter (where not_evaluable is not null) as not_evaluable
        from ${seen(scope, 'detection')} where subscription_id = ${id} and status <> 'fixed') found`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('an aggregate gave no row');
  return row;
}

interface WorstAsset {
  readonly id: number;
  readonly address: string;
  readonly name: string | null;
  readonly detections: unknown;
}

export async function worstAssets(
  scope: AccessScope,
  db: Kysely<Schema>,
  limit: number,
): Promise<readonly WorstAsset[]> {
  const { rows } = await sql<WorstAsset>`
    select asset.id, asset.address, asset.name, ${severityCounts('detection')} as detections
    from ${onSeenAssets(scope, 'detection')}
    where asset.subscription_id = ${scope.subscriptionId} and detection.status <> 'fixed'
    group by asset.id, asset.address, asset.name
    having ${riskScore('detection')} > 0
    order by ${riskScore('detection')} desc, asset.id limit ${limit}`.execute(db);
  return rows;
}

interface TopCheck {
  readonly check: string;
  readonly name: string;
  readonly severity: string;
  readonly assets: number;
}

/** Checks that found most, worst first. */
export async function topChecks(scope: AccessScope, db: Kysely<Schema>, limit: number): Promise<readonly TopCheck[]> {
  const { rows } = await sql<TopCheck>`
    select check_id as check, max(name) as name, (array_agg(severity order by severity_rank desc))[1] as severity,
      count(distinct asset_id) as assets
    from ${seen(scope, 'detection')} where subscription_id = ${scope.subscriptionId} and status <> 'fixed'
    group by check_id order by max(severity_rank) desc, count(distinct asset_id) desc, check_id limit ${limit}`.execute(
    db,
  );
  return rows;
}

/** Ids of jobs that have not ended, newest first. */
export async function openScans(scope: AccessScope, db: Kysely<Schema>): Promise<readonly number[]> {
  const rows = await db
    .selectFrom(seen(scope, 'scan'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('status', 'in', ['queued', 'running', 'pausing', 'paused', 'canceling'])
    .orderBy('id', 'desc')
    .limit(20)
    .execute();
  return rows.map(({ id }) => id);
}

/** What the appliances said last, but those that are out of service for good. */
export function applianceContacts(scope: AccessScope, db: Kysely<Schema>) {
  return db
    .selectFrom(seen(scope, 'appliance'))
    .select(['state', 'last_contact', 'connection', 'poll_interval_seconds', 'heartbeat_seconds'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('state', '<>', 'revoked')
    .execute();
}
