import { type Kysely, sql } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

type Owner = Pick<AccessScope, 'subscriptionId' | 'accountId'>;

export async function findTotp(owner: Owner, db: Kysely<Schema>) {
  return db
    .selectFrom('totp_factor')
    .select(['sealed_secret', 'created_at', 'confirmed_at', 'last_step'])
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .executeTakeFirst();
}

/** A secret that is not confirmed yet; replaces one that was not either. False: a confirmed one is there. */
export async function storeSecret(owner: Owner, trx: Kysely<Schema>, sealed: Uint8Array, now: Date): Promise<boolean> {
  const stored = await trx
    .insertInto('totp_factor')
    .values({
      subscription_id: owner.subscriptionId,
      account_id: owner.accountId,
      sealed_secret: sealed,
      created_at: now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['subscription_id', 'account_id'])
        .doUpdateSet({ sealed_secret: sealed, created_at: now, last_step: null })
        .where('totp_factor.confirmed_at', 'is', null),
    )
    .returning('account_id')
    .execute();
  return stored.length > 0;
}

/** Uses the code of this step up; false when it, or a newer one, was used before. */
export async function takeStep(owner: Owner, db: Kysely<Schema>, step: number): Promise<boolean> {
  const taken = await db
    .updateTable('totp_factor')
    .set({ last_step: step })
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .where((eb) => eb.or([eb('last_step', 'is', null), eb('last_step', '<', step)]))
    .returning('account_id')
    .execute();
  return taken.length > 0;
}

export async function confirmTotp(owner: Owner, trx: Kysely<Schema>, now: Date): Promise<void> {
  await trx
    .updateTable('totp_factor')
    .set({ confirmed_at: now })
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .execute();
}

/** Removes the app and the recovery codes; false when there was no app. */
export async function deleteTotp(owner: Owner, trx: Kysely<Schema>): Promise<boolean> {
  await trx
    .deleteFrom('recovery_code')
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .execute();
  const gone = await trx
    .deleteFrom('totp_factor')
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .returning('account_id')
    .execute();
  return gone.length > 0;
}

export async function replaceRecoveryCodes(
  owner: Owner,
  trx: Kysely<Schema>,
  hashes: readonly Uint8Array[],
): Promise<void> {
  await trx
    .deleteFrom('recovery_code')
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .execute();
  await trx
    .insertInto('recovery_code')
    .values(
      hashes.map((code_hash) => ({
        subscription_id: owner.subscriptionId,
        account_id: owner.accountId,
        code_hash,
      })),
    )
    .execute();
}

/** Uses a recovery code up; false when there is none of this hash. */
export async function takeRecoveryCode(owner: Owner, db: Kysely<Schema>, hash: Uint8Array): Promise<boolean> {
  const taken = await db
    .deleteFrom('recovery_code')
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .where('code_hash', '=', hash)
    .returning('account_id')
    .execute();
  return taken.length > 0;
}

export async function countRecoveryCodes(owner: Owner, db: Kysely<Schema>): Promise<number> {
  const { n } = await db
    .selectFrom('recovery_code')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .executeTakeFirstOrThrow();
  return n;
}

export async function findPasswordHash(
  owner: Owner,
  db: Kysely<Schema>,
): Promise<{ readonly login: string; readonly hash: string; readonly hasPassword: boolean } | undefined> {
  return db
    .selectFrom('account')
    .select(['login', 'password_hash as hash', 'has_password as hasPassword'])
    .where('subscription_id', '=', owner.subscriptionId)
    .where('id', '=', owner.accountId)
    .executeTakeFirst();
}

/** When a session was begun by the identity provider; undefined when it was not. */
export async function providerSessionSince(
  owner: Owner,
  db: Kysely<Schema>,
  tokenHash: Uint8Array,
): Promise<Date | undefined> {
  const row = await db
    .selectFrom('session')
    .select('created_at')
    .where('subscription_id', '=', owner.subscriptionId)
    .where('token_hash', '=', tokenHash)
    .where('method', 'like', 'oidc%')
    .executeTakeFirst();
  return row?.created_at;
}

export async function countPasskeys(owner: Owner, db: Kysely<Schema>): Promise<number> {
  const { n } = await db
    .selectFrom('passkey')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .executeTakeFirstOrThrow();
  return n;
}

export async function deletePasskeys(owner: Owner, trx: Kysely<Schema>): Promise<void> {
  await trx
    .deleteFrom('passkey')
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .execute();
}

/** What the session of this token was begun with, once more was shown in it. */
export async function storeMethod(
  owner: Owner,
  trx: Kysely<Schema>,
  tokenHash: Uint8Array,
  factors: '' | '+code',
): Promise<void> {
  await trx
    .updateTable('session')
    .set({ method: sql`case when method like 'oidc%' then 'oidc' else 'password' end || ${factors}::text` })
    .where('subscription_id', '=', owner.subscriptionId)
    .where('token_hash', '=', tokenHash)
    .execute();
}
