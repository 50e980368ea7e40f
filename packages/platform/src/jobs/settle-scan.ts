import { type Kysely, sql } from 'kysely';
import type { Database } from '../storage/database.ts';
import type { ScanStatusColumn } from '../storage/tables/scan.ts';
import type { Schema } from '../storage/schema.ts';
import { announce, type WakeTopic } from './channels.ts';
import { recordEvent } from './outbox.ts';
import { scanOutcome } from './domain/scan-outcome.ts';
import { isEnded, nextScanStatus, type ScanEvent } from './domain/scan-state.ts';

/** On whose tenant's behalf background work and appliances' messages are handled. */
export interface TenantScope {
  readonly subscriptionId: number;
}

export interface LockedScan {
  readonly id: number;
  readonly status: ScanStatusColumn;
  readonly networkId: number;
}

/**
 * Locks a job for a change of its state, slices or units. Always the first lock of such a transaction, so that no two of
 * them wait for each other.
 */
export async function lockScan(scope: TenantScope, trx: Kysely<Schema>, scanId: number): Promise<LockedScan | null> {
  const row = await trx
    .selectFrom('scan')
    .select(['id', 'status', 'network_id'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scanId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row ? { id: row.id, status: row.status, networkId: row.network_id } : null;
}

/** Moves a locked job by one event; null when that is impossible in its status. */
export async function moveScan(
  scope: TenantScope,
  trx: Kysely<Schema>,
  scan: LockedScan,
  event: ScanEvent,
  change: { readonly now: Date; readonly complete?: boolean; readonly reason?: string | null },
): Promise<LockedScan | null> {
  const status = nextScanStatus(scan.status, event);
  if (status === null) return null;
  if (status === scan.status && change.reason === undefined) return scan;
  await trx
    .updateTable('scan')
    .set({
      status,
      // A pause says why until somebody resumes.
      ...(event === 'settled' && change.reason === undefined ? {} : { status_reason: change.reason ?? null }),
      ...(change.complete === undefined ? {} : { complete: change.complete }),
      ...(isEnded(status) ? { ended_at: change.now } : {}),
      ...(status === 'running'
        ? {
            started_at: sql<Date>`coalesce(started_at, ${change.now})`,
            running_since: sql<Date>`coalesce(running_since, ${change.now})`,
          }
        : {}),
      ...(event === 'resume' ? { running_since: null, hold_until: null, paused_by_hold: null } : {}),
    })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scan.id)
    .execute();
  return { ...scan, status };
}

/** Code of the platform's note on a job that addresses were taken out of while it was under way. */
export const exclusionNote = 'exclusion-applied';

interface SliceCounts {
  readonly pending: number;
  readonly leased: number;
  readonly paused: number;
}

/**
 * Draws the conclusions after slices of a locked job changed: paused once every holder paused, canceled once nobody holds
 * one, ended once every slice is.
 */
export async function settleScan(
  database: Database,
  scope: TenantScope,
  trx: Kysely<Schema>,
  scan: LockedScan,
  now: Date,
): Promise<LockedScan> {
  let settled = scan;
  if (scan.status === 'canceling') await cancelWaiting(scope, trx, scan.id, now);
  const counts = await countSlices(scope, trx, scan.id);
  if (counts.pending + counts.leased === 0) settled = await endScan(scope, trx, scan, now);
  else if (scan.status === 'pausing' && counts.leased === counts.paused)
    settled = (await moveScan(scope, trx, scan, 'settled', { now })) ?? scan;
  await announce(database, trx, { scans: [scan.id] });
  return settled;
}

async function countSlices(scope: TenantScope, trx: Kysely<Schema>, scanId: number): Promise<SliceCounts> {
  const { rows } = await sql<SliceCounts>`
    select count(*) filter (where state = 'pending') as pending,
      count(*) filter (where state = 'leased') as leased,
      count(*) filter (where state = 'leased' and reported = 'paused') as paused
    from slice where subscription_id = ${scope.subscriptionId} and scan_id = ${scanId}`.execute(trx);
  return rows[0] ?? { pending: 0, leased: 0, paused: 0 };
}

async function cancelWaiting(scope: TenantScope, trx: Kysely<Schema>, scanId: number, now: Date): Promise<void> {
  await sql`
    with gone as (
      update slice set state = 'cancelled', outcome = 'stopped', reason = 'cancelled'
      where subscription_id = ${scope.subscriptionId} and scan_id = ${scanId} and state = 'pending' returning id)
    update unit set state = 'cancelled', reason = 'cancelled', updated_at = ${now}
    from gone where unit.subscription_id = ${scope.subscriptionId} and unit.slice_id = gone.id
      and unit.state in ('pending', 'leased', 'running')`.execute(trx);
}

async function endScan(scope: TenantScope, trx: Kysely<Schema>, scan: LockedScan, now: Date): Promise<LockedScan> {
  const { rows } = await sql<{ done: number; notEvaluable: number; cancelled: number; open: number }>`
    select count(*) filter (where state = 'done') as done,
      count(*) filter (where state = 'not-evaluable') as "notEvaluable",
      count(*) filter (where state = 'cancelled') as cancelled,
      count(*) filter (where state in ('pending', 'leased', 'running')) as open
    from unit where subscription_id = ${scope.subscriptionId} and scan_id = ${scan.id}`.execute(trx);
  const totals = rows[0] ?? { done: 0, notEvaluable: 0, cancelled: 0, open: 0 };
  const outcome = scanOutcome(totals, await firstDetail(scope, trx, scan.id), await wasCut(scope, trx, scan.id));
  const canceling = scan.status === 'canceling';
  const complete = outcome.complete;
  const reason = canceling
    ? ((await cancelReason(scope, trx, scan.id)) ?? 'Canceled. What was found until then is kept.')
    : outcome.reason;
  const ended = await moveScan(scope, trx, scan, canceling ? 'settled' : outcome.event, { now, complete, reason });
  if (ended && !canceling) await tellEnd(scope, trx, ended, { complete, reason, now });
  await sql`
    update asset set last_scanned = greatest(last_scanned, ${now}) from scan, unit
    where scan.subscription_id = ${scope.subscriptionId} and scan.id = ${scan.id} and scan.kind = 'scan'
      and unit.subscription_id = scan.subscription_id and unit.scan_id = scan.id and unit.phase = 'ports' and unit.state = 'done'
      and asset.subscription_id = scan.subscription_id and asset.network_id = scan.network_id and asset.address = unit.address`.execute(
    trx,
  );
  return ended ?? scan;
}

/** Why a job is canceled, where that was not simply somebody's wish. */
async function cancelReason(scope: TenantScope, trx: Kysely<Schema>, scanId: number): Promise<string | null> {
  const { status_reason: reason } = await trx
    .selectFrom('scan')
    .select('status_reason')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scanId)
    .executeTakeFirstOrThrow();
  return reason;
}

/** Writes down how a job ended, for those who want to hear. A canceled one ended as somebody wished. */
async function tellEnd(
  scope: TenantScope,
  trx: Kysely<Schema>,
  scan: LockedScan,
  end: { readonly complete: boolean; readonly reason: string | null; readonly now: Date },
): Promise<void> {
  const { title, kind: job } = await trx
    .selectFrom('scan')
    .select(['title', 'kind'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scan.id)
    .executeTakeFirstOrThrow();
  const kind = scan.status === 'error' ? 'scan.error' : end.complete ? 'scan.finished' : 'scan.incomplete';
  const event = { kind, scanId: scan.id, job, title, networkId: scan.networkId, reason: end.reason } as const;
  await recordEvent(scope, trx, event, end.now);
}

async function firstDetail(scope: TenantScope, trx: Kysely<Schema>, scanId: number): Promise<string | null> {
  const row = await trx
    .selectFrom('slice')
    .select('detail')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('detail', 'is not', null)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  return row?.detail ?? null;
}

/** Whether addresses were excluded from the job after its launch. */
async function wasCut(scope: TenantScope, trx: Kysely<Schema>, scanId: number): Promise<boolean> {
  const row = await trx
    .selectFrom('scan_note')
    .select('seq')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('slice_id', '=', 0)
    .where('code', '=', exclusionNote)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends the units of a slice that did not end by themselves. */
export async function closeUnits(
  scope: TenantScope,
  trx: Kysely<Schema>,
  sliceId: number,
  end: {
    readonly state: 'not-evaluable' | 'cancelled';
    readonly reason: string;
    readonly detail: string | null;
    readonly now: Date;
  },
): Promise<void> {
  await sql`
    update unit set state = ${end.state}, reason = ${end.reason}, detail = ${end.detail}, updated_at = ${end.now}
    where subscription_id = ${scope.subscriptionId} and slice_id = ${sliceId} and state in ('pending', 'leased', 'running')`.execute(
    trx,
  );
}

/** Wakes the appliances that hold a slice of the job. */
export async function wakeHolders(
  database: Database,
  scope: TenantScope,
  trx: Kysely<Schema>,
  scanId: number,
): Promise<void> {
  const rows = await trx
    .selectFrom('slice')
    .select('appliance_id')
    .distinct()
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('state', '=', 'leased')
    .execute();
  const wake = rows.flatMap((row): WakeTopic[] => (row.appliance_id === null ? [] : [`appliance:${row.appliance_id}`]));
  await announce(database, trx, { wake });
}
