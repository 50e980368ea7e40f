import { type Kysely, sql } from 'kysely';
import { seen, underSeen } from '../../server/access/seen.ts';
import { type Viewer, wholeSubscription } from '../../server/access/sight.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

/** Places a hold unless one stands; false when one does. */
export async function insertHold(
  scope: AccessScope,
  trx: Kysely<Schema>,
  given: { readonly action: 'pause' | 'cancel'; readonly reason: string; readonly now: Date },
): Promise<boolean> {
  const row = await trx
    .insertInto('hold')
    .values({
      subscription_id: scope.subscriptionId,
      action: given.action,
      reason: given.reason,
      placed_at: given.now,
      placed_by: scope.login,
      placed_by_account: scope.accountId,
    })
    .onConflict((conflict) => conflict.columns(['subscription_id']).where('lifted_at', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function closeHold(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  now: Date,
): Promise<{ readonly lifted: boolean }> {
  const row = await trx
    .updateTable('hold')
    .set({ lifted_at: now, lifted_by: scope.login })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .where('lifted_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return { lifted: row !== undefined };
}

/**
 * Whether the hold stands still. It can't be lifted until the transaction ends, so that nothing is paused for a hold that is gone and
 * stays so.
 */
export async function keepHold(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<boolean> {
  const row = await trx
    .selectFrom('hold')
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .where('lifted_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  return row !== undefined;
}

/** Remembers that the hold paused the job, and no person. */
export async function notePaused(
  scope: AccessScope,
  trx: Kysely<Schema>,
  paused: { readonly scanId: number; readonly holdId: number },
): Promise<void> {
  await trx
    .updateTable('scan')
    .set({ paused_by_hold: paused.holdId })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', paused.scanId)
    .execute();
}

/** Jobs that the hold paused and nobody resumed, cancelled or saw end since. */
export async function pausedByHold(scope: Viewer, db: Kysely<Schema>, holdId: number): Promise<readonly number[]> {
  const rows = await db
    .selectFrom(seen(scope, 'scan'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('paused_by_hold', '=', holdId)
    .where('status', 'in', ['pausing', 'paused'])
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

/** Jobs that run or wait to run. */
export async function movingScans(scope: Viewer, db: Kysely<Schema>): Promise<readonly number[]> {
  const rows = await db
    .selectFrom(seen(scope, 'scan'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('status', 'in', ['queued', 'running', 'pausing'])
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

export interface BusyApplianceRow {
  readonly id: number;
  /** The caller may know of it. */
  readonly seen: boolean;
  readonly name: string;
  readonly connection: string;
  readonly poll_interval_seconds: number;
}

/** Appliances that hold a lease, whosever job it is of: all of them have to hear. */
export async function busyAppliances(scope: AccessScope, db: Kysely<Schema>): Promise<readonly BusyApplianceRow[]> {
  const { rows } = await sql<BusyApplianceRow>`
    select a.id, a.name, a.connection, a.poll_interval_seconds, exists (select 1 from ${seen(scope, 'appliance')}
      where appliance.subscription_id = a.subscription_id and appliance.id = a.id) as seen
    from (select * from ${seen(wholeSubscription(scope.subscriptionId), 'appliance')}) a
    where a.subscription_id = ${scope.subscriptionId} and exists (select 1 from ${underSeen('slice')}
      where slice.subscription_id = a.subscription_id and slice.appliance_id = a.id and slice.state = 'leased')
    order by lower(a.name), a.id`.execute(db);
  return rows;
}

/** Networks in which jobs wait. */
export async function waitingNetworks(scope: AccessScope, db: Kysely<Schema>): Promise<readonly number[]> {
  const rows = await db
    .selectFrom(seen(wholeSubscription(scope.subscriptionId), 'scan'))
    .select('network_id')
    .distinct()
    .where('subscription_id', '=', scope.subscriptionId)
    .where('status', 'in', ['queued', 'running'])
    .execute();
  return rows.map((row) => row.network_id);
}
