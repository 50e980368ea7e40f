import type { SpooledEvent } from '@picket/contracts/event';
import type { Kysely } from 'kysely';
import type { ApplianceScope } from '../../appliance-protocol/authenticate.ts';
import { refuse } from '../../server/http-error.ts';
import type { Schema } from '../../storage/schema.ts';

/** Locks the stream of an appliance's spool and tells which event comes next. */
export async function lockStream(scope: ApplianceScope, trx: Kysely<Schema>, stream: string): Promise<number> {
  const key = { subscription_id: scope.subscriptionId, appliance_id: scope.applianceId, stream };
  await trx
    .insertInto('upload_stream')
    .values(key)
    .onConflict((conflict) => conflict.columns(['subscription_id', 'appliance_id', 'stream']).doNothing())
    .execute();
  const row = await trx
    .selectFrom('upload_stream')
    .select('next_seq')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('stream', '=', stream)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return row.next_seq;
}

export async function moveStream(
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  stream: string,
  next: number,
  now: Date,
): Promise<void> {
  await trx
    .updateTable('upload_stream')
    .set({ next_seq: next, updated_at: now })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('stream', '=', stream)
    .execute();
}

/**
 * Refuses a batch with an event of a lease that was not granted to this appliance, or that names another scan or slice
 * than the lease. Leases of deleted jobs are still known: their events pass here and are dropped.
 */
export async function requireOwnLeases(
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  events: readonly SpooledEvent[],
): Promise<void> {
  const leaseIds = [...new Set(events.map((event) => event.lease))];
  const rows = await trx
    .selectFrom('slice_lease')
    .select(['lease_id', 'scan_id', 'slice_id'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('lease_id', 'in', leaseIds)
    .execute();
  const known = new Map(rows.map((row) => [row.lease_id, row]));
  for (const event of events) {
    const lease = known.get(event.lease);
    if (lease?.scan_id === event.scan && lease.slice_id === event.slice) continue;
    throw refuse({
      status: 422,
      code: 'events.foreign-scan',
      message: `Event ${event.seq} belongs to scan ${event.scan}, slice ${event.slice}, which was never leased to this appliance under the lease it names.`,
      hint: 'An appliance can only report on work that the platform gave it. Enrol it again if its disk was copied.',
    });
  }
}
