import { type Kysely, sql } from 'kysely';
import type { TenantScope } from '../../jobs/settle-scan.ts';
import type { Schema } from '../../storage/schema.ts';

/** A delivery that this worker may try now, and nobody else before `claimed_until`. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly publicId: string;
  readonly event: unknown;
  readonly at: Date;
  readonly accountId: number | null;
  readonly webhookId: number | null;
  /** This one included. */
  readonly attempts: number;
}

/** Takes what is due, and what somebody took and did not bring to an end. Any number of replicas may ask at once. */
export async function claimDeliveries(
  scope: TenantScope,
  db: Kysely<Schema>,
  take: { readonly limit: number; readonly now: Date; readonly until: Date },
): Promise<readonly ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedDelivery>`
    update delivery set state = 'sending', attempts = attempts + 1, claimed_until = ${take.until}
    where subscription_id = ${scope.subscriptionId} and id in (
      select id from delivery where subscription_id = ${scope.subscriptionId}
        and ((state = 'waiting' and next_at <= ${take.now}) or (state = 'sending' and claimed_until < ${take.now}))
      order by next_at, id limit ${take.limit} for update skip locked)
    returning id, public_id as "publicId", event, at, account_id as "accountId", webhook_id as "webhookId", attempts`.execute(
    db,
  );
  return rows;
}

/** Ends an attempt; nothing when somebody else has taken the delivery over meanwhile. */
export async function endAttempt(
  scope: TenantScope,
  db: Kysely<Schema>,
  delivery: Pick<ClaimedDelivery, 'id' | 'attempts'>,
  outcome: {
    readonly state: 'waiting' | 'sent' | 'dead';
    readonly nextAt: Date;
    readonly now: Date;
    readonly error: string | null;
  },
): Promise<void> {
  await db
    .updateTable('delivery')
    .set({
      state: outcome.state,
      next_at: outcome.nextAt,
      claimed_until: null,
      last_error: outcome.error,
      ended_at: outcome.state === 'waiting' ? null : outcome.now,
    })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', delivery.id)
    .where('attempts', '=', delivery.attempts)
    .where('state', '=', 'sending')
    .execute();
}

export interface NewDelivery {
  readonly kind: string;
  readonly event: unknown;
  readonly at: Date;
  readonly accountId: number | null;
  readonly webhookId: number | null;
}

export async function insertDeliveries(
  scope: TenantScope,
  trx: Kysely<Schema>,
  deliveries: readonly NewDelivery[],
  now: Date,
): Promise<void> {
  if (deliveries.length === 0) return;
  await trx
    .insertInto('delivery')
    .values(
      deliveries.map((one) => ({
        subscription_id: scope.subscriptionId,
        kind: one.kind,
        event: JSON.stringify(one.event),
        at: one.at,
        account_id: one.accountId,
        webhook_id: one.webhookId,
        next_at: now,
        created_at: now,
      })),
    )
    .execute();
}

export interface OutboxRow {
  readonly id: number;
  readonly kind: string;
  readonly at: Date;
  readonly event: unknown;
}

/** Locks events that nobody has spread yet; those of the digest only once the oldest has waited long enough. */
export async function lockEvents(
  scope: TenantScope,
  trx: Kysely<Schema>,
  digestBefore: Date,
): Promise<readonly OutboxRow[]> {
  const { rows } = await sql<OutboxRow>`
    select id, kind, at, event from outbox_event
    where subscription_id = ${scope.subscriptionId} and spread_at is null
      and (kind <> 'detection.critical' or exists (select 1 from outbox_event oldest
        where oldest.subscription_id = ${scope.subscriptionId} and oldest.spread_at is null and oldest.kind = 'detection.critical'
          and oldest.at <= ${digestBefore}))
    order by id limit 500 for update skip locked`.execute(trx);
  return rows;
}

export async function markSpread(
  scope: TenantScope,
  trx: Kysely<Schema>,
  ids: readonly number[],
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable('outbox_event')
    .set({ spread_at: now })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', 'in', ids)
    .execute();
}

/** Forgets what is over: events and deliveries of long ago. */
export async function forgetOld(scope: TenantScope, db: Kysely<Schema>, before: Date): Promise<void> {
  await db
    .deleteFrom('outbox_event')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('spread_at', '<', before)
    .execute();
  await db
    .deleteFrom('delivery')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('ended_at', '<', before)
    .execute();
}
