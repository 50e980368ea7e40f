import { type Kysely, sql } from 'kysely';
import type { Database } from '../storage/database.ts';
import type { Schema } from '../storage/schema.ts';
import { announce } from './channels.ts';
import { closeUnits, lockScan, settleScan, type TenantScope } from './settle-scan.ts';

/** A leased slice that its holder will not finish. */
export interface LostLease {
  readonly scanId: number;
  readonly sliceId: number;
  readonly leaseId: string;
}

/** A slice that was leased so often without coming to an end is given up: something in it kills its holder. */
const attemptLimit = 8;

/**
 * Gives slices back to be leased again (to another appliance of the network, if there is one); what was found is kept. A
 * slice that moved on meanwhile is left alone.
 */
export async function requeue(
  database: Database,
  scope: TenantScope,
  trx: Kysely<Schema>,
  lost: readonly LostLease[],
  now: Date,
): Promise<void> {
  const byScan = Map.groupBy(lost, (one) => one.scanId);
  for (const scanId of [...byScan.keys()].sort((a, b) => a - b)) {
    const scan = await lockScan(scope, trx, scanId);
    if (!scan) continue;
    for (const one of byScan.get(scanId) ?? []) await requeueSlice(scope, trx, one, scan.status === 'canceling', now);
    const settled = await settleScan(database, scope, trx, scan, now);
    if (settled.status === 'running' || settled.status === 'queued') {
      await announce(database, trx, { wake: [`network:${scan.networkId}`] });
    }
  }
}

async function requeueSlice(
  scope: TenantScope,
  trx: Kysely<Schema>,
  lost: LostLease,
  canceling: boolean,
  now: Date,
): Promise<void> {
  const { rows } = await sql<{ state: string }>`
    update slice set appliance_id = null, leased_at = null, expires_at = null, not_after = null, reported = null, rate = null,
      state = case when ${canceling}::boolean then 'cancelled' when attempt - given_back >= ${attemptLimit}::integer then 'done' else 'pending' end,
      outcome = case when ${canceling}::boolean then 'stopped' when attempt - given_back >= ${attemptLimit}::integer then 'incomplete' end,
      reason = case when ${canceling}::boolean then 'cancelled' when attempt - given_back >= ${attemptLimit}::integer then 'lease-expired' end
    where subscription_id = ${scope.subscriptionId} and id = ${lost.sliceId} and lease_id = ${lost.leaseId} and state = 'leased'
    returning state`.execute(trx);
  const state = rows[0]?.state;
  if (state === 'cancelled')
    await closeUnits(scope, trx, lost.sliceId, { state: 'cancelled', reason: 'cancelled', detail: null, now });
  if (state === 'done') {
    const detail = `The slice was leased ${attemptLimit} times and never came to an end.`;
    await closeUnits(scope, trx, lost.sliceId, { state: 'not-evaluable', reason: 'lease-expired', detail, now });
  }
  if (state !== 'pending') return;
  await sql`
    update unit set state = 'pending', updated_at = ${now}
    where subscription_id = ${scope.subscriptionId} and slice_id = ${lost.sliceId} and state in ('leased', 'running', 'cancelled')`.execute(
    trx,
  );
}

/** The leases that an appliance holds. */
export async function leasesOf(
  scope: TenantScope,
  trx: Kysely<Schema>,
  applianceId: number,
): Promise<readonly LostLease[]> {
  const rows = await trx
    .selectFrom('slice')
    .select(['id', 'scan_id', 'lease_id'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', applianceId)
    .where('state', '=', 'leased')
    .orderBy('id')
    .execute();
  return rows.flatMap((row) =>
    row.lease_id === null ? [] : [{ scanId: row.scan_id, sliceId: row.id, leaseId: row.lease_id }],
  );
}
