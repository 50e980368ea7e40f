import { type NotificationKind, notificationKind } from '@picket/contracts/api/notification';
import type { Role } from '@picket/contracts/api/session';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { TenantScope } from '../../jobs/settle-scan.ts';
import type { Schema } from '../../storage/schema.ts';
import { defaultKinds } from './domain/receivers.ts';

/** Kinds that a later version knows and this one does not are left out. */
export const storedKinds = z
  .array(z.string())
  .transform((list) => notificationKind.options.filter((kind) => list.includes(kind)));

/** An account that gets mail. */
export interface MailReceiver {
  readonly accountId: number;
  readonly login: string;
  readonly role: Role;
  readonly address: string;
  readonly kinds: readonly NotificationKind[];
}

/** Accounts with a mail address that are in use; one when `accountId` is given. */
export async function mailReceivers(
  scope: TenantScope,
  db: Kysely<Schema>,
  accountId: number | null = null,
): Promise<readonly MailReceiver[]> {
  const rows = await db
    .selectFrom('account')
    .leftJoin('notification_choice', (join) =>
      join
        .onRef('notification_choice.subscription_id', '=', 'account.subscription_id')
        .onRef('notification_choice.account_id', '=', 'account.id'),
    )
    .select(['account.id', 'account.login', 'account.role', 'account.email', 'notification_choice.kinds'])
    .where('account.subscription_id', '=', scope.subscriptionId)
    .where('account.disabled', '=', false)
    .where('account.email', 'is not', null)
    .$if(accountId !== null, (query) => query.where('account.id', '=', accountId ?? 0))
    .orderBy('account.id')
    .execute();
  return rows.flatMap(({ id, login, role, email, kinds }) =>
    email === null
      ? []
      : [
          {
            accountId: id,
            login,
            role,
            address: email,
            kinds: kinds === null ? defaultKinds(role) : storedKinds.parse(kinds),
          },
        ],
  );
}

/** What an account chose; null: nothing yet. */
export async function chosenKinds(
  scope: TenantScope,
  db: Kysely<Schema>,
  accountId: number,
): Promise<{ readonly address: string | null; readonly kinds: readonly NotificationKind[] | null } | null> {
  const row = await db
    .selectFrom('account')
    .leftJoin('notification_choice', (join) =>
      join
        .onRef('notification_choice.subscription_id', '=', 'account.subscription_id')
        .onRef('notification_choice.account_id', '=', 'account.id'),
    )
    .select(['account.email', 'notification_choice.kinds'])
    .where('account.subscription_id', '=', scope.subscriptionId)
    .where('account.id', '=', accountId)
    .executeTakeFirst();
  return row ? { address: row.email, kinds: row.kinds === null ? null : storedKinds.parse(row.kinds) } : null;
}

export async function storeChoice(
  scope: TenantScope,
  db: Kysely<Schema>,
  accountId: number,
  chosen: readonly NotificationKind[],
): Promise<void> {
  const kinds = JSON.stringify(chosen);
  await db
    .insertInto('notification_choice')
    .values({ subscription_id: scope.subscriptionId, account_id: accountId, kinds })
    .onConflict((conflict) => conflict.columns(['subscription_id', 'account_id']).doUpdateSet({ kinds }))
    .execute();
}
