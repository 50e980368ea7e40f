import type { NotificationEvent } from '@picket/contracts/api/notification';
import type { Kysely } from 'kysely';
import type { TenantScope } from '../../jobs/settle-scan.ts';
import type { Schema } from '../../storage/schema.ts';
import type { MailReceiver } from './receiver-queries.ts';

/** What of an event somebody may see: all of it, a part (fewer detections), or nothing. */
export async function visibleTo(
  scope: TenantScope,
  db: Kysely<Schema>,
  receiver: MailReceiver,
  event: NotificationEvent,
): Promise<NotificationEvent | null> {
  void scope;
  void db;
  void receiver;
  return event;
}
