import type { NotificationEvent } from '@picket/contracts/api/notification';
import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import type { TenantScope } from './settle-scan.ts';

/**
 * Writes down that something happened that people may want to hear of. Give the transaction in which it did, so that neither is there
 * without the other; who hears of it is decided afterwards.
 */
export async function recordEvent(
  scope: TenantScope,
  trx: Kysely<Schema>,
  event: NotificationEvent,
  now: Date,
): Promise<void> {
  await trx
    .insertInto('outbox_event')
    .values({ subscription_id: scope.subscriptionId, kind: event.kind, at: now, event: JSON.stringify(event) })
    .execute();
}
