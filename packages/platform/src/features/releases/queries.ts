import type { ReleaseKind } from '@picket/contracts/release/release-version';
import type { Kysely } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import type { ReleaseTable, Schema } from '../../storage/schema.ts';
import type { Selectable } from 'kysely';

export type ReleaseRow = Selectable<ReleaseTable>;

const visible = (scope: AccessScope, db: Kysely<Schema>) =>
  db.selectFrom('release').where('subscription_id', '=', scope.subscriptionId);

/** Newest first. */
export async function releaseRows(
  scope: AccessScope,
  db: Kysely<Schema>,
  query: { readonly kind: ReleaseKind | undefined; readonly before: number | null; readonly limit: number },
): Promise<readonly ReleaseRow[]> {
  let rows = visible(scope, db).selectAll().orderBy('id', 'desc').limit(query.limit);
  if (query.kind !== undefined) rows = rows.where('kind', '=', query.kind);
  if (query.before !== null) rows = rows.where('id', '<', query.before);
  return rows.execute();
}

export async function countReleases(
  scope: AccessScope,
  db: Kysely<Schema>,
  kind: ReleaseKind | undefined,
): Promise<number> {
  let rows = visible(scope, db).select(({ fn }) => fn.countAll<number>().as('total'));
  if (kind !== undefined) rows = rows.where('kind', '=', kind);
  return (await rows.executeTakeFirstOrThrow()).total;
}

/** One release, locked until the transaction ends. */
export async function lockRelease(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<ReleaseRow | null> {
  return (await visible(scope, trx).selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null;
}

/** Whether appliances may still be given the bundle. */
export async function isOffered(
  scope: { readonly subscriptionId: number },
  db: Kysely<Schema>,
  sha256: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('release')
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('sha256', '=', sha256)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends that any release of the kind is current. */
export async function endCurrent(scope: AccessScope, trx: Kysely<Schema>, kind: ReleaseKind): Promise<void> {
  await trx
    .updateTable('release')
    .set({ current_at: null, rollback: false })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('kind', '=', kind)
    .where('current_at', 'is not', null)
    .execute();
}

export async function updateRelease(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  values: { readonly current_at: Date | null; readonly rollback: boolean; readonly withdrawn_at?: Date },
): Promise<void> {
  await trx
    .updateTable('release')
    .set(values)
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

/** Ids of the appliances that may be asking for work now. */
export async function activeAppliances(scope: AccessScope, db: Kysely<Schema>): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('appliance')
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('state', '=', 'active')
    .execute();
  return rows.map(({ id }) => id);
}
