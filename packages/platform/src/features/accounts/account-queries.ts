import type { Role } from '@picket/contracts/api/session';
import type { Kysely } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

const columns = ['id', 'login', 'name', 'email', 'role', 'disabled', 'created_at', 'last_sign_in_at'] as const;

/** An account as lists show it: never the hash. */
export interface AccountRow {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly disabled: boolean;
  readonly created_at: Date;
  readonly last_sign_in_at: Date | null;
}

type Tenant = Pick<AccessScope, 'subscriptionId'>;

export async function listAccounts(
  scope: Tenant,
  db: Kysely<Schema>,
  after: number,
  limit: number,
): Promise<readonly AccountRow[]> {
  return db
    .selectFrom('account')
    .select(columns)
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function countAccounts(scope: Tenant, db: Kysely<Schema>): Promise<number> {
  const { n } = await db
    .selectFrom('account')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('subscription_id', '=', scope.subscriptionId)
    .executeTakeFirstOrThrow();
  return n;
}

export interface NewAccount {
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly passwordHash: string;
  readonly passwordExpiresAt: Date | null;
}

export async function insertAccount(scope: Tenant, db: Kysely<Schema>, account: NewAccount): Promise<AccountRow> {
  return db
    .insertInto('account')
    .values({
      subscription_id: scope.subscriptionId,
      login: account.login,
      name: account.name,
      email: account.email,
      role: account.role,
      password_hash: account.passwordHash,
      password_change_needed: true,
      password_expires_at: account.passwordExpiresAt,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/** Changes to an account; what is left out stays. */
export interface AccountChange {
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
}

export async function updateAccount(
  scope: Tenant,
  db: Kysely<Schema>,
  id: number,
  change: AccountChange,
): Promise<AccountRow | undefined> {
  const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const query = db
    .selectFrom('account')
    .select(columns)
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id);
  if (Object.keys(set).length > 0) {
    await db
      .updateTable('account')
      .set(set)
      .where('subscription_id', '=', scope.subscriptionId)
      .where('id', '=', id)
      .execute();
  }
  return query.executeTakeFirst();
}

export async function deleteAccount(scope: Tenant, db: Kysely<Schema>, id: number): Promise<AccountRow | undefined> {
  return db
    .deleteFrom('account')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
}

/** A new one-time password. */
export async function storeOneTimePassword(
  scope: Tenant,
  db: Kysely<Schema>,
  id: number,
  password: { readonly hash: string; readonly expiresAt: Date | null },
): Promise<AccountRow | undefined> {
  return db
    .updateTable('account')
    .set({ password_hash: password.hash, password_change_needed: true, password_expires_at: password.expiresAt })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
}

/** Managers that can sign in, locked until the transaction ends: two removals at a time can't both be the last but one. */
export async function lockManagers(scope: Tenant, trx: Kysely<Schema>): Promise<readonly number[]> {
  const rows = await trx
    .selectFrom('account')
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('role', '=', 'manager')
    .where('disabled', '=', false)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map((row) => row.id);
}
