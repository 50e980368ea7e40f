import type { Kysely } from 'kysely';
import { announce } from '../jobs/channels.ts';
import type { Database } from '../storage/database.ts';
import type { Schema } from '../storage/schema.ts';
import type { AccessScope } from './context.ts';

type Account = Pick<AccessScope, 'subscriptionId' | 'accountId'>;

/** Ends every session of an account, and tells the open event streams. Returns how many there were. */
export async function endSessions(database: Database, trx: Kysely<Schema>, account: Account): Promise<number> {
  const ended = await trx
    .deleteFrom('session')
    .where('subscription_id', '=', account.subscriptionId)
    .where('account_id', '=', account.accountId)
    .returning('id')
    .execute();
  await announce(database, trx, { sessions: true });
  return ended.length;
}

/** Revokes every API token of an account. */
export async function endTokens(trx: Kysely<Schema>, account: Account): Promise<void> {
  await trx
    .deleteFrom('api_token')
    .where('subscription_id', '=', account.subscriptionId)
    .where('account_id', '=', account.accountId)
    .execute();
}
