import type { Role } from '@picket/contracts/api/session';
import { type Kysely, sql } from 'kysely';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import type { Choices } from './domain/account-rules.ts';
import { known, type PersonRow, reachColumns } from './known-people.ts';

/** An account as lists show it: never the hash. */
export interface AccountRow extends PersonRow {
  readonly disabled: boolean;
  readonly created_at: Date;
  readonly last_sign_in_at: Date | null;
}

type Tenant = Pick<AccessScope, 'subscriptionId'>;

const rows = (scope: AccessScope) => sql`
  select account.id, account.login, account.name, account.email, account.role, account.disabled, account.created_at,
    account.last_sign_in_at, account.business_unit_id, ${reachColumns(scope, 'account')}
  from account
  where account.subscription_id = ${scope.subscriptionId} and ${known(scope, 'account')}`;

export async function listAccounts(
  scope: AccessScope,
  db: Kysely<Schema>,
  after: number,
  limit: number,
): Promise<readonly AccountRow[]> {
  const found = await sql<AccountRow>`
    ${rows(scope)} and account.id > ${after} order by account.id limit ${limit}`.execute(db);
  return found.rows;
}

export async function countKnownAccounts(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*) as n from account where account.subscription_id = ${scope.subscriptionId} and ${known(scope, 'account')}`.execute(
    db,
  );
  return found.rows[0]?.n ?? 0;
}

/** One account that the caller may know of, locked until the transaction ends. */
export async function lockAccount(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
): Promise<AccountRow | undefined> {
  const found = await sql<AccountRow>`${rows(scope)} and account.id = ${id} for update of account`.execute(trx);
  return found.rows[0];
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
  readonly unitId?: number | null;
  readonly passwordHash: string;
  /** It is a one-time password: chosen by somebody else. */
  readonly passwordChangeNeeded: boolean;
  readonly passwordExpiresAt: Date | null;
  /** False: the hash is of random bytes that nobody knows. */
  readonly hasPassword?: boolean;
}

export async function insertAccount(scope: Tenant, db: Kysely<Schema>, account: NewAccount): Promise<number> {
  const { id } = await db
    .insertInto('account')
    .values({
      subscription_id: scope.subscriptionId,
      login: account.login,
      name: account.name,
      email: account.email,
      role: account.role,
      business_unit_id: account.unitId ?? null,
      password_hash: account.passwordHash,
      password_change_needed: account.passwordChangeNeeded,
      password_expires_at: account.passwordExpiresAt,
      has_password: account.hasPassword ?? true,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Changes to an account; what is left out stays. */
export interface AccountChange {
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  readonly business_unit_id?: number | null | undefined;
}

export async function updateAccount(
  scope: Tenant,
  db: Kysely<Schema>,
  id: number,
  change: AccountChange,
): Promise<void> {
  const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  if (Object.keys(set).length === 0) return;
  await db
    .updateTable('account')
    .set(set)
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

/** Gives the account these asset groups instead of those of them that the caller sees; others stay. */
export async function replaceGroups(
  scope: AccessScope,
  trx: Kysely<Schema>,
  accountId: number,
  groupIds: readonly number[],
): Promise<void> {
  await sql`
    delete from asset_group_account where subscription_id = ${scope.subscriptionId} and account_id = ${accountId}
      and asset_group_id in (select id from ${seen(scope, 'asset_group')})`.execute(trx);
  const rowsOf = [...new Set(groupIds)].map((id) => ({
    subscription_id: scope.subscriptionId,
    asset_group_id: id,
    account_id: accountId,
  }));
  if (rowsOf.length > 0) await trx.insertInto('asset_group_account').values(rowsOf).execute();
}

/** Units and asset groups that the caller sees. */
export async function readChoices(scope: AccessScope, db: Kysely<Schema>): Promise<Choices> {
  const units = await db
    .selectFrom('business_unit')
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .execute();
  const groups = await db
    .selectFrom(seen(scope, 'asset_group'))
    .select(['id', 'business_unit_id'])
    .where('subscription_id', '=', scope.subscriptionId)
    .execute();
  const all = scope.role === 'manager';
  return {
    unitIds: units.map((unit) => unit.id).filter((id) => all || id === scope.unitId),
    groups: new Map(groups.map((group) => [group.id, { unitId: group.business_unit_id }])),
  };
}

export async function deleteAccount(scope: Tenant, db: Kysely<Schema>, id: number): Promise<void> {
  await db.deleteFrom('account').where('subscription_id', '=', scope.subscriptionId).where('id', '=', id).execute();
}

/** A new one-time password. */
export async function storeOneTimePassword(
  scope: Tenant,
  db: Kysely<Schema>,
  id: number,
  password: { readonly hash: string; readonly expiresAt: Date | null },
): Promise<void> {
  await db
    .updateTable('account')
    .set({
      password_hash: password.hash,
      has_password: true,
      password_change_needed: true,
      password_expires_at: password.expiresAt,
    })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
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
