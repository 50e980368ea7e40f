import { recordAudit } from '../../server/audit.ts';
import type { PlatformContext } from '../../server/context.ts';
import { hashPassword, oneTimePassword } from '../../server/password.ts';
import { countAccounts, insertAccount } from './account-queries.ts';

/** Login of the account that the first start makes. */
export const firstManagerLogin = 'manager';

/** To be shown once, to whoever started the platform. */
export interface FirstManager {
  readonly login: string;
  readonly oneTimePassword: string;
}

/**
 * Makes the first Manager when there is no account at all, else returns null. The password must be changed at the first
 * sign-in; it does not expire, because the person at the machine may come back later and nobody else could reset it.
 */
export async function ensureFirstManager(
  context: Pick<PlatformContext, 'database' | 'random' | 'subscriptionId'>,
): Promise<FirstManager | null> {
  const tenant = { subscriptionId: context.subscriptionId };
  if ((await countAccounts(tenant, context.database.db)) > 0) return null;
  const password = oneTimePassword(context.random);
  const passwordHash = await hashPassword(password, context.random);
  return context.database.transaction(async (trx) => {
    // Replicas that start together: the second one waits here and then finds the account.
    await trx.selectFrom('subscription').select('id').where('id', '=', tenant.subscriptionId).forUpdate().execute();
    if ((await countAccounts(tenant, trx)) > 0) return null;
    const id = await insertAccount(tenant, trx, {
      login: firstManagerLogin,
      name: 'First Manager',
      email: null,
      role: 'manager',
      passwordHash,
      passwordChangeNeeded: true,
      passwordExpiresAt: null,
    });
    const actor = { ...tenant, login: 'system' };
    await recordAudit(actor, trx, {
      action: 'account.create',
      subject: `account:${id}`,
      detail: { login: firstManagerLogin, role: 'manager' },
    });
    return { login: firstManagerLogin, oneTimePassword: password };
  });
}
