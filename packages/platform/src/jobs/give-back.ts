import { type Kysely, sql } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import { lockScan, moveScan, type TenantScope } from './settle-scan.ts';

/** A lease whose window is over: what its holder did not do waits for the next one. True when it was the slice's current lease. */
export async function giveBack(
  scope: TenantScope,
  trx: Kysely<Schema>,
  lease: { readonly sliceId: number; readonly leaseId: string },
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    update slice set state = 'pending', appliance_id = null, leased_at = null, expires_at = null, not_after = null, reported = null, rate = null,
      given_back = given_back + 1,
      sent = case when sent ? ${lease.leaseId}::text then jsonb_set(sent, array[${lease.leaseId}::text, 'rate'], '0') else sent end
    where subscription_id = ${scope.subscriptionId} and id = ${lease.sliceId} and lease_id = ${lease.leaseId} and state = 'leased'
    returning id`.execute(trx);
  if (rows.length === 0) return false;
  await sql`
    update unit set state = 'pending', reason = null, updated_at = ${now}
    where subscription_id = ${scope.subscriptionId} and slice_id = ${lease.sliceId} and state in ('leased', 'running', 'cancelled')`.execute(
    trx,
  );
  return true;
}

/** A running job of which nobody holds a slice while its window is shut waits again. */
export async function restScan(scope: TenantScope, trx: Kysely<Schema>, scanId: number, now: Date): Promise<void> {
  const scan = await lockScan(scope, trx, scanId);
  if (scan?.status !== 'running') return;
  const held = await trx
    .selectFrom('slice')
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('state', '=', 'leased')
    .limit(1)
    .executeTakeFirst();
  if (!held) await moveScan(scope, trx, scan, 'shut', { now });
}
