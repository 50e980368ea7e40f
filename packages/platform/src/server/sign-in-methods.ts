import type { Role } from '@picket/contracts/api/session';
import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import type { AccessScope } from './context.ts';
import { refuse } from './http-error.ts';

/** How people may sign in. */
export interface SignInMethods {
  /** What the identity provider is called; null: there is none. */
  readonly provider: string | null;
  /** False: Managers alone may sign in with a password. */
  readonly passwordForAll: boolean;
}

export async function readSignInMethods(
  scope: Pick<AccessScope, 'subscriptionId'>,
  db: Kysely<Schema>,
): Promise<SignInMethods> {
  const row = await db
    .selectFrom('oidc_provider')
    .select(['name', 'password_sign_in'])
    .where('subscription_id', '=', scope.subscriptionId)
    .executeTakeFirst();
  return { provider: row?.name ?? null, passwordForAll: row?.password_sign_in ?? true };
}

/** Refuses passwords of everybody but Managers, where the provider is the way in. Nobody can lock the Managers out. */
export async function requirePasswordSignIn(
  account: { readonly subscriptionId: number; readonly role: Role },
  db: Kysely<Schema>,
): Promise<void> {
  if (account.role === 'manager') return;
  const { provider, passwordForAll } = await readSignInMethods(account, db);
  if (passwordForAll) return;
  throw refuse({
    status: 403,
    code: 'session.password-off',
    message: 'Passwords are not used for signing in here.',
    hint: `Choose "Continue with ${provider ?? 'the identity provider'}".`,
  });
}
