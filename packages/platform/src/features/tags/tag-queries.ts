import type { TagRule } from '@picket/contracts/api/tag';
import { type Kysely, sql } from 'kysely';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

/** Tags by id; with `id` only that one. */
export async function listTags(
  scope: AccessScope,
  db: Kysely<Schema>,
  page: { readonly after: number; readonly limit: number; readonly id?: number },
) {
  let query = db
    .selectFrom('tag')
    .select(['id', 'name', 'rule', 'updated_at', 'updated_by'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '>', page.after);
  if (page.id !== undefined) query = query.where('id', '=', page.id);
  return query.orderBy('id').limit(page.limit).execute();
}

export type TagRow = Awaited<ReturnType<typeof listTags>>[number];

export async function countTags(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const { total } = await db
    .selectFrom('tag')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('subscription_id', '=', scope.subscriptionId)
    .executeTakeFirstOrThrow();
  return total;
}

interface TagFields {
  readonly name: string;
  readonly rule: TagRule | null;
  readonly now: Date;
}

const columnsOf = (scope: AccessScope, { name, rule, now }: TagFields) => ({
  name,
  rule: rule === null ? null : JSON.stringify(rule),
  updated_at: now,
  updated_by: scope.login,
});

export async function insertTag(scope: AccessScope, trx: Kysely<Schema>, fields: TagFields): Promise<number> {
  const { id } = await trx
    .insertInto('tag')
    .values({ subscription_id: scope.subscriptionId, ...columnsOf(scope, fields) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function updateTag(scope: AccessScope, trx: Kysely<Schema>, id: number, fields: TagFields): Promise<void> {
  await trx
    .updateTable('tag')
    .set(columnsOf(scope, fields))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

export async function deleteTag(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<void> {
  await trx.deleteFrom('tag').where('subscription_id', '=', scope.subscriptionId).where('id', '=', id).execute();
}

/** Those of the assets that the caller sees. */
export async function seenAssets(
  scope: AccessScope,
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await db
    .selectFrom(seen(scope, 'asset'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', 'in', [0, ...ids])
    .execute();
  return new Set(rows.map((row) => row.id));
}

export async function changeAssets(
  scope: AccessScope,
  trx: Kysely<Schema>,
  tagId: number,
  change: { readonly add: readonly number[]; readonly remove: readonly number[] },
): Promise<void> {
  await trx
    .deleteFrom('tag_asset')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('tag_id', '=', tagId)
    .where('asset_id', 'in', [0, ...change.remove])
    .execute();
  await sql`
    insert into tag_asset (subscription_id, tag_id, asset_id)
    select ${scope.subscriptionId}, ${tagId}, given::bigint from json_array_elements_text(${JSON.stringify(change.add)}::json) as given
    on conflict do nothing`.execute(trx);
}
