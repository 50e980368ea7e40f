import { isoTime } from '@picket/base/clock';
import type { NotificationEvent } from '@picket/contracts/api/notification';
import { type Kysely, sql } from 'kysely';
import { announce } from '../../jobs/channels.ts';
import { contactOf, isOnline } from '../../jobs/domain/presence.ts';
import { recordEvent } from '../../jobs/outbox.ts';
import type { TenantScope } from '../../jobs/settle-scan.ts';
import type { PlatformContext } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import { isSilent, nextWatch } from './domain/presence-watch.ts';

interface WatchedAppliance {
  readonly id: number;
  readonly name: string;
  readonly last_contact: Date | null;
  readonly connection: string;
  readonly poll_interval_seconds: number;
  readonly heartbeat_seconds: number;
  readonly outageId: number | null;
  readonly outageContact: Date | null;
}

/**
 * One look at all appliances: an outage begins once, and ends once with how long it took. The lock on the watch keeps replicas from looking
 * at the same time; a gap in the looks means that the platform was away, and no appliance is blamed for that.
 */
export async function lookAtAppliances(context: PlatformContext): Promise<void> {
  const { database, clock } = context;
  const scope = { subscriptionId: context.subscriptionId };
  await database.transaction(async (trx) => {
    const now = clock.now();
    const presentSince = await takeWatch(scope, trx, now);
    if (presentSince === null) return;
    const changed: number[] = [];
    for (const row of await watchedAppliances(scope, trx)) {
      const contact = contactOf(row);
      const event = await follow(scope, trx, row, {
        silent: isSilent(contact, presentSince, now),
        online: isOnline(contact, now),
        now,
      });
      if (!event) continue;
      await recordEvent(scope, trx, event, new Date(now));
      changed.push(row.id);
    }
    await announce(database, trx, { appliances: changed });
  });
}

/** Null: another replica looks right now. */
async function takeWatch(scope: TenantScope, trx: Kysely<Schema>, now: number): Promise<number | null> {
  const at = new Date(now);
  await sql`
    insert into presence_watch (subscription_id, looked_at, present_since) values (${scope.subscriptionId}, ${at}, ${at})
    on conflict do nothing`.execute(trx);
  const { rows } = await sql<{ lookedAt: Date; presentSince: Date }>`
    select looked_at as "lookedAt", present_since as "presentSince" from presence_watch
    where subscription_id = ${scope.subscriptionId} for update skip locked`.execute(trx);
  const [row] = rows;
  if (!row) return null;
  const next = nextWatch({ lookedAt: row.lookedAt.getTime(), presentSince: row.presentSince.getTime() }, now);
  await trx
    .updateTable('presence_watch')
    .set({ looked_at: new Date(next.lookedAt), present_since: new Date(next.presentSince) })
    .where('subscription_id', '=', scope.subscriptionId)
    .execute();
  return next.presentSince;
}

/** Enrolled appliances that are heard of, with the outage that they are in. */
async function watchedAppliances(scope: TenantScope, trx: Kysely<Schema>): Promise<readonly WatchedAppliance[]> {
  const { rows } = await sql<WatchedAppliance>`
    select a.id, a.name, a.last_contact, a.connection, a.poll_interval_seconds, a.heartbeat_seconds,
      o.id as "outageId", o.last_contact as "outageContact"
    from appliance a
    left join appliance_outage o on o.subscription_id = a.subscription_id and o.appliance_id = a.id and o.ended_at is null
    where a.subscription_id = ${scope.subscriptionId} and a.state = 'active' and a.last_contact is not null
    order by a.id`.execute(trx);
  return rows;
}

async function follow(
  scope: TenantScope,
  trx: Kysely<Schema>,
  row: WatchedAppliance,
  seen: { readonly silent: boolean; readonly online: boolean; readonly now: number },
): Promise<NotificationEvent | null> {
  const { id: applianceId, name } = row;
  if (row.last_contact === null) return null;
  if (row.outageId === null) {
    if (!seen.silent) return null;
    await trx
      .insertInto('appliance_outage')
      .values({
        subscription_id: scope.subscriptionId,
        appliance_id: applianceId,
        last_contact: row.last_contact,
        noticed_at: new Date(seen.now),
      })
      .execute();
    return { kind: 'appliance.offline', applianceId, name, lastContact: isoTime(row.last_contact.getTime()) };
  }
  if (!seen.online || row.outageContact === null) return null;
  await trx
    .updateTable('appliance_outage')
    .set({ ended_at: row.last_contact })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', row.outageId)
    .execute();
  const seconds = Math.max(0, Math.round((row.last_contact.getTime() - row.outageContact.getTime()) / 1000));
  return { kind: 'appliance.back', applianceId, name, lastContact: isoTime(row.outageContact.getTime()), seconds };
}
