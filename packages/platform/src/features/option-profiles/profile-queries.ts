import type { ScanOptions } from '@picket/contracts/api/option-profile';
import type { Kysely } from 'kysely';
import { visibleProfiles } from '../../jobs/option-profiles.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

/** Saved profiles that the caller sees, by id; with `id` only that one. */
export async function listProfiles(
  scope: AccessScope,
  db: Kysely<Schema>,
  page: { readonly after: number; readonly limit: number; readonly id?: number },
) {
  let query = db
    .selectFrom('option_profile')
    .selectAll()
    .where('subscription_id', '=', scope.subscriptionId)
    .where(visibleProfiles(scope))
    .where('id', '>', page.after);
  if (page.id !== undefined) query = query.where('id', '=', page.id);
  return query.orderBy('id').limit(page.limit).execute();
}

export type ProfileRow = Awaited<ReturnType<typeof listProfiles>>[number];

export async function countProfiles(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const { total } = await db
    .selectFrom('option_profile')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('subscription_id', '=', scope.subscriptionId)
    .where(visibleProfiles(scope))
    .executeTakeFirstOrThrow();
  return total;
}

export async function insertProfile(
  scope: AccessScope,
  trx: Kysely<Schema>,
  fields: { readonly name: string; readonly options: ScanOptions; readonly now: Date },
): Promise<number> {
  const { id } = await trx
    .insertInto('option_profile')
    .values({
      subscription_id: scope.subscriptionId,
      name: fields.name,
      options: JSON.stringify(fields.options),
      everybody: scope.role === 'manager',
      owner_account: scope.accountId,
      owner_login: scope.login,
      updated_at: fields.now,
      updated_by: scope.login,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A new version. */
export async function updateProfile(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  fields: { readonly name: string; readonly options: ScanOptions; readonly now: Date },
): Promise<void> {
  await trx
    .updateTable('option_profile')
    .set((eb) => ({
      name: fields.name,
      options: JSON.stringify(fields.options),
      version: eb('version', '+', 1),
      updated_at: fields.now,
      updated_by: scope.login,
    }))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

export async function deleteProfile(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<void> {
  await trx
    .deleteFrom('option_profile')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

/** Locks a profile against a schedule that begins to use it, and reads it. */
export async function lockProfile(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<ProfileRow | null> {
  const row = await trx
    .selectFrom('option_profile')
    .selectAll()
    .where('subscription_id', '=', scope.subscriptionId)
    .where(visibleProfiles(scope))
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}
