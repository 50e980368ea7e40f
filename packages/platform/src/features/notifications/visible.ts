import type { NotificationEvent } from '@picket/contracts/api/notification';
import { type Kysely, sql } from 'kysely';
import type { TenantScope } from '../../jobs/settle-scan.ts';
import { readSight } from '../../server/access/read-sight.ts';
import { seen } from '../../server/access/seen.ts';
import type { Viewer } from '../../server/access/sight.ts';
import type { Schema } from '../../storage/schema.ts';
import type { MailReceiver } from './receiver-queries.ts';

/** What of an event somebody may see: all of it, a part (fewer detections), or nothing. */
export async function visibleTo(
  scope: TenantScope,
  db: Kysely<Schema>,
  receiver: MailReceiver,
  event: NotificationEvent,
): Promise<NotificationEvent | null> {
  const { subscriptionId } = scope;
  const sight = await readSight({ subscriptionId, id: receiver.accountId, role: receiver.role }, db);
  if (sight === 'everything') return event;
  const viewer = { subscriptionId, sight };
  switch (event.kind) {
    case 'appliance.offline':
    case 'appliance.back':
    case 'appliance.suspect':
    case 'update.failed':
      return (await seenIds(viewer, db, 'appliance', [event.applianceId])).size > 0 ? event : null;
    case 'scan.finished':
    case 'scan.incomplete':
    case 'scan.error':
      return (await seenIds(viewer, db, 'scan', [event.scanId])).size > 0 ? event : null;
    case 'detection.critical':
      return seenDetections(viewer, db, event);
    // It names a job that does not exist yet: nobody can say whose it is.
    case 'schedule.missed':
      return null;
  }
}

/** Of detections beyond the listed ones nobody knows whose they are: only the listed count. */
async function seenDetections(
  viewer: Viewer,
  db: Kysely<Schema>,
  event: Extract<NotificationEvent, { kind: 'detection.critical' }>,
): Promise<NotificationEvent | null> {
  const ids = event.detections.map((one) => one.detectionId);
  const visible = await seenIds(viewer, db, 'detection', ids);
  const detections = event.detections.filter((one) => visible.has(one.detectionId));
  return detections.length === 0 ? null : { ...event, count: detections.length, detections };
}

async function seenIds(
  viewer: Viewer,
  db: Kysely<Schema>,
  table: 'appliance' | 'scan' | 'detection',
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: number }>`
    select id from ${seen(viewer, table)} where subscription_id = ${viewer.subscriptionId} and id in (${sql.join(ids)})`.execute(
    db,
  );
  return new Set(rows.map((row) => row.id));
}
