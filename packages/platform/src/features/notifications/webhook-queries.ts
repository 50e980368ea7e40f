import { type Kysely, sql } from 'kysely';
import type { TenantScope } from '../../jobs/settle-scan.ts';
import type { Schema } from '../../storage/schema.ts';

export interface WebhookRow {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly kinds: unknown;
  readonly enabled: boolean;
  readonly caPem: string | null;
  readonly secret: Uint8Array;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly dead: number;
  readonly lastSuccess: Date | null;
  readonly lastError: string | null;
}

/** Webhooks by name, with how their deliveries go; one when `id` is given. */
export async function webhookRows(
  scope: TenantScope,
  db: Kysely<Schema>,
  page: {
    readonly id: number | null;
    readonly after: { readonly name: string; readonly id: number } | null;
    readonly limit: number;
  },
): Promise<readonly WebhookRow[]> {
  const { rows } = await sql<WebhookRow>`
    select w.id, w.name, w.url, w.kinds, w.enabled, w.ca_pem as "caPem", w.secret, w.created_at as "createdAt", w.created_by as "createdBy",
      (select count(*) from delivery d where d.subscription_id = w.subscription_id and d.webhook_id = w.id and d.state = 'dead') as dead,
      (select max(d.ended_at) from delivery d where d.subscription_id = w.subscription_id and d.webhook_id = w.id and d.state = 'sent') as "lastSuccess",
      (select d.last_error from delivery d where d.subscription_id = w.subscription_id and d.webhook_id = w.id and d.last_error is not null
        order by d.id desc limit 1) as "lastError"
    from webhook w where w.subscription_id = ${scope.subscriptionId}
      and (${page.id}::bigint is null or w.id = ${page.id}::bigint)
      and (${page.after?.name ?? null}::text is null
        or (lower(w.name), w.id) > (${page.after?.name ?? null}::text, ${page.after?.id ?? null}::bigint))
    order by lower(w.name), w.id limit ${page.limit}`.execute(db);
  return rows;
}

export async function countWebhooks(scope: TenantScope, db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('webhook')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('subscription_id', '=', scope.subscriptionId)
    .executeTakeFirstOrThrow();
  return row.total;
}

export async function nextWebhookId(scope: TenantScope, trx: Kysely<Schema>): Promise<number> {
  void scope;
  const { rows } = await sql<{ id: number }>`select nextval('webhook_id') as id`.execute(trx);
  return rows[0]?.id ?? 0;
}

export async function insertWebhook(
  scope: TenantScope,
  trx: Kysely<Schema>,
  given: Pick<WebhookRow, 'id' | 'name' | 'url' | 'enabled' | 'caPem' | 'secret' | 'createdAt' | 'createdBy'> & {
    readonly kinds: readonly string[];
  },
): Promise<void> {
  await trx
    .insertInto('webhook')
    .values({
      subscription_id: scope.subscriptionId,
      id: given.id,
      name: given.name,
      url: given.url,
      kinds: JSON.stringify(given.kinds),
      enabled: given.enabled,
      ca_pem: given.caPem,
      secret: given.secret,
      created_at: given.createdAt,
      created_by: given.createdBy,
    })
    .execute();
}

export async function updateWebhook(
  scope: TenantScope,
  trx: Kysely<Schema>,
  id: number,
  set: { name?: string; url?: string; kinds?: string; enabled?: boolean; ca_pem?: string | null },
): Promise<void> {
  if (Object.keys(set).length === 0) return;
  await trx
    .updateTable('webhook')
    .set(set)
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

export async function deleteWebhook(scope: TenantScope, trx: Kysely<Schema>, id: number): Promise<void> {
  await trx.deleteFrom('webhook').where('subscription_id', '=', scope.subscriptionId).where('id', '=', id).execute();
}
