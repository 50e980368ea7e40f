import type { Role } from '@picket/contracts/api/session';
import { type Kysely, sql } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import { policyKey } from '../../server/security-policy.ts';
import type { Schema } from '../../storage/schema.ts';

/** An account as signing in needs it. */
export interface SignInAccount {
  readonly subscriptionId: number;
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string;
  readonly passwordChangeNeeded: boolean;
  readonly passwordExpiresAt: Date | null;
  readonly termsVersion: string | null;
  readonly disabled: boolean;
  readonly unitId: number | null;
  /** False: nobody knows a password of the account. */
  readonly hasPassword: boolean;
}

const columns = [
  'account.subscription_id as subscriptionId',
  'account.id as id',
  'account.login as login',
  'account.name as name',
  'account.role as role',
  'account.password_hash as passwordHash',
  'account.password_change_needed as passwordChangeNeeded',
  'account.password_expires_at as passwordExpiresAt',
  'account.terms_version as termsVersion',
  'account.disabled as disabled',
  'account.business_unit_id as unitId',
  'account.has_password as hasPassword',
] as const;

/** The one query without a scope: a login names its tenant. */
export async function findByLogin(db: Kysely<Schema>, login: string): Promise<SignInAccount | undefined> {
  return db
    .selectFrom('account')
    .select(columns)
    .where(sql<string>`lower(login)`, '=', login.toLowerCase())
    .executeTakeFirst();
}

export async function findAccount(
  scope: Pick<AccessScope, 'subscriptionId' | 'accountId'>,
  db: Kysely<Schema>,
): Promise<SignInAccount | undefined> {
  return db
    .selectFrom('account')
    .select(columns)
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.accountId)
    .executeTakeFirst();
}

export interface LiveSession extends SignInAccount {
  readonly csrfToken: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly method: string;
  /** The setting as stored: `policyOf` reads it. */
  readonly policy: unknown;
}

/** The session of a token, if it has not ended and its account may sign in; and the policy, whose limits the caller judges. */
export async function findSession(
  db: Kysely<Schema>,
  tokenHash: Uint8Array,
  now: Date,
): Promise<LiveSession | undefined> {
  return db
    .selectFrom('session')
    .innerJoin('account', (join) =>
      join
        .onRef('account.subscription_id', '=', 'session.subscription_id')
        .onRef('account.id', '=', 'session.account_id'),
    )
    .leftJoin('setting', (join) =>
      join.onRef('setting.subscription_id', '=', 'session.subscription_id').on('setting.key', '=', policyKey),
    )
    .select([...columns, 'session.csrf_token as csrfToken', 'session.last_used_at as lastUsedAt'])
    .select(['session.created_at as createdAt', 'session.method as method', 'setting.value as policy'])
    .where('session.token_hash', '=', tokenHash)
    .where('session.expires_at', '>', now)
    .where('account.disabled', '=', false)
    .executeTakeFirst();
}

/** How a session was begun; null when it has ended. */
export async function findMethod(db: Kysely<Schema>, tokenHash: Uint8Array): Promise<string | null> {
  const row = await db.selectFrom('session').select('method').where('token_hash', '=', tokenHash).executeTakeFirst();
  return row?.method ?? null;
}

export async function touchSession(db: Kysely<Schema>, tokenHash: Uint8Array, now: Date): Promise<void> {
  await db.updateTable('session').set({ last_used_at: now }).where('token_hash', '=', tokenHash).execute();
}

export interface NewSession {
  readonly tokenHash: Uint8Array;
  readonly csrfToken: string;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly method: string;
}

export async function insertSession(
  scope: Pick<AccessScope, 'subscriptionId' | 'accountId'>,
  db: Kysely<Schema>,
  session: NewSession,
): Promise<void> {
  await db
    .insertInto('session')
    .values({
      subscription_id: scope.subscriptionId,
      account_id: scope.accountId,
      token_hash: session.tokenHash,
      csrf_token: session.csrfToken,
      created_at: session.now,
      last_used_at: session.now,
      expires_at: session.expiresAt,
      address: session.address,
      user_agent: session.userAgent,
      method: session.method,
    })
    .execute();
}

export async function deleteSession(scope: AccessScope, db: Kysely<Schema>, tokenHash: Uint8Array): Promise<void> {
  await db
    .deleteFrom('session')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('token_hash', '=', tokenHash)
    .execute();
}

/** All that ended, of whomever. */
export async function deleteEndedSessions(
  db: Kysely<Schema>,
  limits: { readonly now: Date; readonly usedAfter: Date },
): Promise<void> {
  await db
    .deleteFrom('session')
    .where((eb) => eb.or([eb('expires_at', '<=', limits.now), eb('last_used_at', '<=', limits.usedAfter)]))
    .execute();
}

export async function recordSignIn(
  scope: Pick<AccessScope, 'subscriptionId' | 'accountId'>,
  db: Kysely<Schema>,
  now: Date,
): Promise<void> {
  await db
    .updateTable('account')
    .set((eb) => ({ previous_sign_in_at: eb.ref('last_sign_in_at'), last_sign_in_at: now }))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.accountId)
    .execute();
}

export async function storePassword(scope: AccessScope, db: Kysely<Schema>, passwordHash: string): Promise<void> {
  await db
    .updateTable('account')
    .set({ password_hash: passwordHash, has_password: true, password_change_needed: false, password_expires_at: null })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.accountId)
    .execute();
}

/** The same password under today's figures. */
export async function replaceHash(scope: AccessScope, db: Kysely<Schema>, passwordHash: string): Promise<void> {
  await db
    .updateTable('account')
    .set({ password_hash: passwordHash })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.accountId)
    .execute();
}

export async function storeTerms(scope: AccessScope, db: Kysely<Schema>, version: string, now: Date): Promise<void> {
  await db
    .updateTable('account')
    .set({ terms_version: version, terms_accepted_at: now })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.accountId)
    .execute();
}
