import { type NotificationEvent, notificationEvent } from '@picket/contracts/api/notification';
import type { Kysely } from 'kysely';
import type { TenantScope } from '../../jobs/settle-scan.ts';
import type { PlatformContext } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import { insertDeliveries, lockEvents, markSpread, type NewDelivery, type OutboxRow } from './delivery-queries.ts';
import { digest } from './domain/digest.ts';
import { mailReceivers, storedKinds } from './receiver-queries.ts';
import { visibleTo } from './visible.ts';
import { webhookRows } from './webhook-queries.ts';

/** How long critical detections are gathered before they are told, milliseconds. */
export const digestMs = 300_000;

interface Told {
  readonly event: NotificationEvent;
  readonly at: Date;
}

/** Turns events that nobody has looked at into one delivery for each receiver that wants and may see them. */
export async function spreadEvents(context: PlatformContext): Promise<number> {
  const { database, clock } = context;
  const scope = { subscriptionId: context.subscriptionId };
  return database.transaction(async (trx) => {
    const now = clock.now();
    const rows = await lockEvents(scope, trx, new Date(now - digestMs));
    if (rows.length === 0) return 0;
    const told = gathered(rows);
    const deliveries = [...(await forAccounts(scope, trx, told)), ...(await forWebhooks(scope, trx, told))];
    await insertDeliveries(scope, trx, deliveries, new Date(now));
    await markSpread(
      scope,
      trx,
      rows.map(({ id }) => id),
      new Date(now),
    );
    return deliveries.length;
  });
}

/** Events one by one, critical detections as one; what a later version wrote and this one can't read is passed over. */
function gathered(rows: readonly OutboxRow[]): readonly Told[] {
  const told = rows.flatMap((row): Told[] => {
    const parsed = notificationEvent.safeParse(row.event);
    return parsed.success ? [{ event: parsed.data, at: row.at }] : [];
  });
  const single = told.filter(({ event }) => event.kind !== 'detection.critical');
  const [oldest] = told.filter(({ event }) => event.kind === 'detection.critical');
  const critical = digest(told.flatMap(({ event }) => (event.kind === 'detection.critical' ? [event] : [])));
  return oldest && critical ? [...single, { event: critical, at: oldest.at }] : single;
}

async function forAccounts(
  scope: TenantScope,
  trx: Kysely<Schema>,
  told: readonly Told[],
): Promise<readonly NewDelivery[]> {
  const deliveries: NewDelivery[] = [];
  for (const receiver of await mailReceivers(scope, trx)) {
    for (const { event, at } of told) {
      if (!receiver.kinds.includes(event.kind)) continue;
      const seen = await visibleTo(scope, trx, receiver, event);
      if (seen) deliveries.push({ kind: seen.kind, event: seen, at, accountId: receiver.accountId, webhookId: null });
    }
  }
  return deliveries;
}

/** A Manager made them, so they hear of everything. */
async function forWebhooks(
  scope: TenantScope,
  trx: Kysely<Schema>,
  told: readonly Told[],
): Promise<readonly NewDelivery[]> {
  const hooks = await webhookRows(scope, trx, { id: null, after: null, limit: 1000 });
  return hooks
    .filter((hook) => hook.enabled)
    .flatMap((hook) => {
      const kinds = storedKinds.parse(hook.kinds);
      return told
        .filter(({ event }) => kinds.includes(event.kind))
        .map(({ event, at }) => ({ kind: event.kind, event, at, accountId: null, webhookId: hook.id }));
    });
}
