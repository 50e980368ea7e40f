import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import type { AccessScope } from './context.ts';

type Account = Pick<AccessScope, 'subscriptionId' | 'accountId'>;

/** What signing in asks for beside the password; the feature `factors` answers. */
export interface SecondFactor {
  /** Whether this account has to give a code. */
  needed(account: Account): Promise<boolean>;
  /** What the code is, and uses it up; null when it is wrong, old, or was used before. */
  take(account: Account, db: Kysely<Schema>, code: string): Promise<'code' | 'recovery' | null>;
}
