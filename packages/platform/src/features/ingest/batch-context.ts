import type { SpooledEvent } from '@picket/contracts/event';
import type { Kysely } from 'kysely';
import { type ApplianceScope, revoked } from '../../appliance-protocol/authenticate.ts';
import { refuse } from '../../server/http-error.ts';
import type { Schema } from '../../storage/schema.ts';
import { isForeignKeyViolation } from '../../storage/storage-error.ts';

/** Locks the stream of an appliance's spool and tells which event comes next. */
export async function lockStream(scope: ApplianceScope, trx: Kysely<Schema>, stream: string): Promise<number> {
  const key = { subscription_id: scope.subscriptionId, appliance_id: scope.applianceId, stream };
  await trx
    .insertInto('upload_stream')
    .values(key)
    .onConflict((conflict) => conflict.columns(['subscription_id', 'appliance_id', 'stream']).doNothing())
    .execute()
    .catch((error: unknown) => {
      // The appliance was deleted after its signature was checked.
      throw isForeignKeyViolation(error) ? revoked() : error;
    });
  const row = await trx
    .selectFrom('upload_stream')
    .select('next_seq')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('stream', '=', stream)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw revoked();
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
 * The events of leases that this appliance was granted, with the times when that was. Refuses a batch with an event of
 * another appliance's lease, or that names another scan or slice than its lease. Leases of deleted jobs are still known: their
 * events pass here and are dropped. Events of leases that are not known at all are left out: after the database was restored
 * from a backup it has forgotten some, and the spool must not wait for ever.
 */
export async function ownEvents(
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  events: readonly SpooledEvent[],
): Promise<{ readonly own: readonly SpooledEvent[]; readonly grantedAt: ReadonlyMap<string, number> }> {
  const leaseIds = [...new Set(events.map((event) => event.lease))];
  const rows = await trx
    .selectFrom('slice_lease')
    .select(['lease_id', 'scan_id', 'slice_id', 'appliance_id', 'granted_at'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('lease_id', 'in', leaseIds)
    .execute();
  const known = new Map(rows.map((row) => [row.lease_id, row]));
  for (const event of events) {
    const lease = known.get(event.lease);
    if (!lease) continue;
    const mine = lease.appliance_id === scope.applianceId;
    if (mine && lease.scan_id === event.scan && lease.slice_id === event.slice) continue;
    throw refuse({
      status: 422,
      code: 'events.foreign-scan',
      message: `Event ${event.seq} belongs to scan ${event.scan}, slice ${event.slice}, which was never leased to this appliance under the lease it names.`,
      hint: 'An appliance can only report on work that the platform gave it. Enrol it again if its disk was copied.',
    });
  }
  const grantedAt = new Map(rows.map((row) => [row.lease_id, row.granted_at.getTime()]));
  return { own: events.filter((event) => known.has(event.lease)), grantedAt };
}
