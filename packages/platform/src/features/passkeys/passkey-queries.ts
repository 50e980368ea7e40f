import type { Passkey } from '@picket/contracts/api/sign-in';
import type { Kysely } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

type Owner = Pick<AccessScope, 'subscriptionId' | 'accountId'>;
export type PasskeyRow = Awaited<ReturnType<typeof listPasskeys>>[number];

/** Passkeys of an account, the oldest first. */
export async function listPasskeys(owner: Owner, db: Kysely<Schema>) {
  return db
    .selectFrom('passkey')
    .selectAll()
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .orderBy('id')
    .execute();
}

export interface NewPasskey {
  readonly name: string;
  readonly credentialId: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly synced: boolean;
  readonly now: Date;
}

export async function insertPasskey(owner: Owner, trx: Kysely<Schema>, made: NewPasskey): Promise<PasskeyRow> {
  return trx
    .insertInto('passkey')
    .values({
      subscription_id: owner.subscriptionId,
      account_id: owner.accountId,
      name: made.name,
      credential_id: made.credentialId,
      public_key: made.publicKey,
      counter: made.counter,
      transports: JSON.stringify(made.transports),
      synced: made.synced,
      created_at: made.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The one query without a scope: a credential names its account. */
export async function findPasskey(db: Kysely<Schema>, credentialId: string): Promise<PasskeyRow | undefined> {
  return db.selectFrom('passkey').selectAll().where('credential_id', '=', credentialId).executeTakeFirst();
}

/** Moves the counter on; false when another sign-in moved it as far already. Authenticators without one stay at 0. */
export async function usePasskey(db: Kysely<Schema>, used: PasskeyRow, counter: number, now: Date): Promise<boolean> {
  const moved = await db
    .updateTable('passkey')
    .set({ counter, last_used_at: now })
    .where('subscription_id', '=', used.subscription_id)
    .where('id', '=', used.id)
    .where('counter', counter === 0 ? '=' : '<', counter)
    .returning('id')
    .execute();
  return moved.length > 0;
}

export async function renamePasskey(
  owner: Owner,
  trx: Kysely<Schema>,
  id: number,
  name: string,
): Promise<PasskeyRow | undefined> {
  return trx
    .updateTable('passkey')
    .set({ name })
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export async function deletePasskey(owner: Owner, trx: Kysely<Schema>, id: number): Promise<PasskeyRow | undefined> {
  return trx
    .deleteFrom('passkey')
    .where('subscription_id', '=', owner.subscriptionId)
    .where('account_id', '=', owner.accountId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export async function findPerson(owner: Owner, db: Kysely<Schema>) {
  return db
    .selectFrom('account')
    .select(['login', 'name'])
    .where('subscription_id', '=', owner.subscriptionId)
    .where('id', '=', owner.accountId)
    .executeTakeFirst();
}

/** Whoever made a passkey in a session has shown more than a password in it. */
export async function strengthenSession(owner: Owner, trx: Kysely<Schema>, tokenHash: Uint8Array): Promise<void> {
  await trx
    .updateTable('session')
    .set({ method: 'password+passkey' })
    .where('subscription_id', '=', owner.subscriptionId)
    .where('token_hash', '=', tokenHash)
    .where('method', '=', 'password')
    .execute();
}

/** A passkey as lists show it. */
export function shownPasskey(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    name: row.name,
    synced: row.synced,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
