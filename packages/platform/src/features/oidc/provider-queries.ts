import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AccessScope } from '../../server/context.ts';
import type { Owner } from '../../server/account-maker.ts';
import type { Schema } from '../../storage/schema.ts';

type Tenant = Pick<AccessScope, 'subscriptionId'>;

/** The settings as stored; the secret is sealed. */
export interface StoredProvider {
  readonly name: string;
  readonly issuer: string;
  readonly client_id: string;
  readonly client_secret: Uint8Array;
  readonly ca_pem: string | null;
  readonly login_claim: string;
  readonly mail_domains: readonly string[];
  readonly unknown_people: 'refuse' | 'reader';
  readonly link_by_login: boolean;
  readonly password_sign_in: boolean;
  readonly logout_at_provider: boolean;
  readonly second_factor_by_amr: boolean;
  readonly changed_at: Date;
  readonly changed_by: string;
}

const domains = z.array(z.string());

export async function readProvider(scope: Tenant, db: Kysely<Schema>): Promise<StoredProvider | null> {
  const row = await db
    .selectFrom('oidc_provider')
    .selectAll()
    .where('subscription_id', '=', scope.subscriptionId)
    .executeTakeFirst();
  return row ? { ...row, mail_domains: domains.parse(row.mail_domains) } : null;
}

export async function storeProvider(scope: Tenant, trx: Kysely<Schema>, given: StoredProvider): Promise<void> {
  const row = { ...given, mail_domains: JSON.stringify(given.mail_domains) };
  await trx
    .insertInto('oidc_provider')
    .values({ subscription_id: scope.subscriptionId, ...row })
    .onConflict((conflict) => conflict.column('subscription_id').doUpdateSet(row))
    .execute();
}

export async function deleteProvider(scope: Tenant, trx: Kysely<Schema>): Promise<void> {
  await trx.deleteFrom('oidc_provider').where('subscription_id', '=', scope.subscriptionId).execute();
}

/** What signing out of a session at the provider takes, sealed. It goes with the session. */
export async function storeSignOut(
  scope: Tenant,
  db: Kysely<Schema>,
  tokenHash: Uint8Array,
  sealed: Uint8Array,
): Promise<void> {
  await db
    .insertInto('oidc_session')
    .values({ subscription_id: scope.subscriptionId, token_hash: tokenHash, sign_out: sealed })
    .execute();
}

/** Null: nothing was kept. It is given out once. */
export async function takeSignOut(
  scope: Tenant,
  db: Kysely<Schema>,
  tokenHash: Uint8Array,
): Promise<Uint8Array | null> {
  const row = await db
    .deleteFrom('oidc_session')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('token_hash', '=', tokenHash)
    .returning('sign_out')
    .executeTakeFirst();
  return row?.sign_out ?? null;
}

/** Where the sealed secret of the client opens. */
export function clientSecretPlace(scope: Tenant): string {
  return `oidc-provider:${scope.subscriptionId}`;
}

/** Somebody at a provider: the pair never changes hands. */
export interface Subject {
  readonly issuer: string;
  readonly subject: string;
}

/** Whose account that is. */
export async function findBound(scope: Tenant, db: Kysely<Schema>, who: Subject): Promise<Owner | null> {
  const row = await db
    .selectFrom('oidc_identity')
    .select('account_id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('issuer', '=', who.issuer)
    .where('subject', '=', who.subject)
    .executeTakeFirst();
  return row ? { subscriptionId: scope.subscriptionId, accountId: row.account_id } : null;
}

/** Binds an account for good; false when it is bound at this provider already, or the subject is. */
export async function bind(trx: Kysely<Schema>, owner: Owner, who: Subject, now: Date): Promise<boolean> {
  const made = await trx
    .insertInto('oidc_identity')
    .values({ subscription_id: owner.subscriptionId, account_id: owner.accountId, ...who, linked_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('account_id')
    .execute();
  return made.length === 1;
}

/** The account's identity that was bound last. */
export async function findIdentity(owner: Owner, db: Kysely<Schema>) {
  return db
    .selectFrom('oidc_identity')
    .select(['issuer', 'linked_at'])
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .orderBy('linked_at', 'desc')
    .executeTakeFirst();
}

/** Parts the account from its identities; false when it has none. */
export async function unbind(owner: Owner, trx: Kysely<Schema>): Promise<boolean> {
  const gone = await trx
    .deleteFrom('oidc_identity')
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .returning('account_id')
    .execute();
  return gone.length > 0;
}

export async function findAccountByLogin(scope: Tenant, db: Kysely<Schema>, login: string) {
  return db
    .selectFrom('account')
    .select(['id', 'login', 'disabled'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where((eb) => eb(eb.fn<string>('lower', ['login']), '=', login.toLowerCase()))
    .executeTakeFirst();
}

export async function findAccountById(owner: Owner, db: Kysely<Schema>) {
  return db
    .selectFrom('account')
    .select(['id', 'login', 'disabled'])
    .where('subscription_id', '=', owner.subscriptionId)
    .where('id', '=', owner.accountId)
    .executeTakeFirst();
}
