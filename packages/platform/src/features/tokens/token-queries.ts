import type { TokenScope } from '@picket/contracts/api/sign-in';
import type { Kysely } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

const columns = ['id', 'name', 'scope', 'ending', 'created_at', 'expires_at', 'last_used_at', 'last_address'] as const;

export type TokenRow = Awaited<ReturnType<typeof listTokens>>[number];
type Owner = Pick<AccessScope, 'subscriptionId' | 'accountId'>;

/** Tokens of an account, the newest first. */
export async function listTokens(owner: Owner, db: Kysely<Schema>) {
  return db
    .selectFrom('api_token')
    .select(columns)
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .orderBy('id', 'desc')
    .execute();
}

export interface NewToken {
  readonly name: string;
  readonly scope: TokenScope;
  readonly tokenHash: Uint8Array;
  readonly ending: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export async function insertToken(owner: Owner, trx: Kysely<Schema>, token: NewToken): Promise<TokenRow> {
  return trx
    .insertInto('api_token')
    .values({
      subscription_id: owner.subscriptionId,
      account_id: owner.accountId,
      name: token.name,
      scope: token.scope,
      token_hash: token.tokenHash,
      ending: token.ending,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export async function deleteToken(owner: Owner, trx: Kysely<Schema>, id: number): Promise<TokenRow | undefined> {
  return trx
    .deleteFrom('api_token')
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
}

/** The token of a hash with its account, if it has not expired and the account may sign in. Names its tenant by itself. */
export async function findToken(db: Kysely<Schema>, tokenHash: Uint8Array, now: Date) {
  return db
    .selectFrom('api_token')
    .innerJoin('account', (join) =>
      join
        .onRef('account.subscription_id', '=', 'api_token.subscription_id')
        .onRef('account.id', '=', 'api_token.account_id'),
    )
    .select([
      'api_token.subscription_id as subscriptionId',
      'api_token.id as tokenId',
      'api_token.scope as tokenScope',
      'api_token.last_used_at as lastUsedAt',
      'account.id as accountId',
      'account.login as login',
      'account.role as role',
      'account.business_unit_id as unitId',
      'account.terms_version as termsVersion',
      'account.password_change_needed as passwordChangeNeeded',
    ])
    .where('api_token.token_hash', '=', tokenHash)
    .where('api_token.expires_at', '>', now)
    .where('account.disabled', '=', false)
    .executeTakeFirst();
}

export async function touchToken(
  scope: Pick<AccessScope, 'subscriptionId'>,
  db: Kysely<Schema>,
  id: number,
  use: { readonly at: Date; readonly address: string },
): Promise<void> {
  await db
    .updateTable('api_token')
    .set({ last_used_at: use.at, last_address: use.address })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

export async function accountExists(owner: Owner, db: Kysely<Schema>): Promise<boolean> {
  const row = await db
    .selectFrom('account')
    .select('id')
    .where('subscription_id', '=', owner.subscriptionId)
    .where('id', '=', owner.accountId)
    .executeTakeFirst();
  return row !== undefined;
}
