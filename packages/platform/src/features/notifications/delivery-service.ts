import { isoTime } from '@picket/base/clock';
import { delivery as deliverySchema, type listDeliveriesQuery } from '@picket/contracts/api/notification';
import { sql } from 'kysely';
import type { z } from 'zod';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';

interface DeliveryRow {
  readonly id: number;
  readonly publicId: string;
  readonly kind: string;
  readonly to: string | null;
  readonly state: string;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly nextAt: Date;
  readonly endedAt: Date | null;
  readonly lastError: string | null;
}

/** Deliveries, newest first: what is on its way, what arrived, what was given up. */
export async function deliveryPage(
  context: PlatformContext,
  scope: AccessScope,
  query: z.output<typeof listDeliveriesQuery>,
) {
  const { db } = context.database;
  const cursor = decodeCursor('delivery-id', 1, query.cursor);
  const before = cursor === null ? null : Number(cursor[0]);
  const state = query.state ?? null;
  const { rows } = await sql<DeliveryRow>`
    select d.id, d.public_id as "publicId", d.kind, coalesce(a.login, w.name) as "to", d.state, d.attempts,
      d.created_at as "createdAt", d.next_at as "nextAt", d.ended_at as "endedAt", d.last_error as "lastError"
    from delivery d
    left join account a on a.subscription_id = d.subscription_id and a.id = d.account_id
    left join webhook w on w.subscription_id = d.subscription_id and w.id = d.webhook_id
    where d.subscription_id = ${scope.subscriptionId} and (${state}::text is null or d.state = ${state}::text)
      and (${before}::bigint is null or d.id < ${before}::bigint)
    order by d.id desc limit ${query.limit + 1}`.execute(db);
  const counted = await sql<{ total: number }>`
    select count(*) as total from (select 1 from delivery d where d.subscription_id = ${scope.subscriptionId}
      and (${state}::text is null or d.state = ${state}::text) limit 100000) as counted`.execute(db);
  return pageOf(rows, query.limit, counted.rows[0]?.total ?? 0, {
    item: shown,
    cursor: (row) => encodeCursor('delivery-id', [row.id]),
  });
}

function shown(row: DeliveryRow) {
  return deliverySchema.parse({
    id: row.id,
    publicId: row.publicId,
    kind: row.kind,
    to: row.to ?? '',
    state: row.state,
    attempts: row.attempts,
    createdAt: isoTime(row.createdAt.getTime()),
    nextAttemptAt: row.state === 'waiting' ? isoTime(row.nextAt.getTime()) : null,
    endedAt: row.endedAt && isoTime(row.endedAt.getTime()),
    lastError: row.lastError,
  });
}

/** Gives a delivery that was given up another round of attempts, under the id that the receiver may know. */
export async function retryDelivery(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  const { database, clock } = context;
  await database.transaction(async (trx) => {
    const row = await trx
      .updateTable('delivery')
      .set({ state: 'waiting', attempts: 0, next_at: new Date(clock.now()), ended_at: null })
      .where('subscription_id', '=', scope.subscriptionId)
      .where('id', '=', id)
      .where('state', '=', 'dead')
      .returning('id')
      .executeTakeFirst();
    if (!row) throw notFound('delivery', id);
    await recordAudit(scope, trx, { action: 'notification.retry', subject: `delivery:${id}`, address });
  });
}
