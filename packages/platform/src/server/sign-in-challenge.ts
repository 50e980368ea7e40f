import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.ts';

/** Something asked of a browser that it answers later, perhaps to another replica. */
export interface Challenge {
  /** What it may be answered for, e.g. `passkey.sign-in`. */
  readonly purpose: string;
  readonly subscriptionId: number;
  /** Null while nobody knows who signs in. */
  readonly accountId: number | null;
  readonly payload?: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

/** Remembers a challenge, by its hash. Drops those that ended. */
export async function storeChallenge(db: Kysely<Schema>, text: string, challenge: Challenge, now: Date): Promise<void> {
  await db.deleteFrom('sign_in_challenge').where('expires_at', '<=', now).execute();
  await db
    .insertInto('sign_in_challenge')
    .values({
      challenge_hash: hashOf(text),
      purpose: challenge.purpose,
      subscription_id: challenge.subscriptionId,
      account_id: challenge.accountId,
      payload: JSON.stringify(challenge.payload ?? {}),
      expires_at: challenge.expiresAt,
    })
    .execute();
}

/** The challenge, used up by that; undefined when it is unknown, was used, has ended, or is for something else. */
export async function takeChallenge(db: Kysely<Schema>, text: string, purpose: string, now: Date) {
  return db
    .deleteFrom('sign_in_challenge')
    .where('challenge_hash', '=', hashOf(text))
    .where('purpose', '=', purpose)
    .where('expires_at', '>', now)
    .returning(['account_id as accountId', 'payload'])
    .executeTakeFirst();
}

function hashOf(text: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(text).digest());
}
