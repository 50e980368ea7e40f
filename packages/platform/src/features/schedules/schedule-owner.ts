import type { MissedReason } from '@picket/contracts/api/schedule';
import { readSight } from '../../server/access/read-sight.ts';
import { localAdminIdentity, scanningRoles } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';

/** Why an owner can't launch. */
export interface OwnerRefusal {
  readonly reason: MissedReason;
  readonly detail: string;
}

/** The owner's rights of this moment, or why there are none. */
export async function ownerScope(
  context: PlatformContext,
  owner: { readonly ownerAccount: number; readonly ownerLogin: string },
): Promise<AccessScope | OwnerRefusal> {
  if (owner.ownerAccount === 0) return localAdminIdentity(context.subscriptionId).scope;
  const account = await context.database.db
    .selectFrom('account')
    .select(['id', 'login', 'role', 'disabled', 'business_unit_id'])
    .where('subscription_id', '=', context.subscriptionId)
    .where('id', '=', owner.ownerAccount)
    .executeTakeFirst();
  if (!account || account.disabled) {
    const detail = `Its owner ${owner.ownerLogin} is ${account ? 'disabled' : 'deleted'}. Save it again to own it.`;
    return { reason: 'owner-disabled', detail };
  }
  if (!scanningRoles.includes(account.role)) {
    const detail = `Its owner ${account.login} may not start scans any more (${account.role}). Save it again to own it.`;
    return { reason: 'owner-may-not', detail };
  }
  const { id, role, login, business_unit_id: unitId } = account;
  const { subscriptionId } = context;
  const sight = await readSight({ subscriptionId, id, role }, context.database.db);
  return { subscriptionId, accountId: id, role, login, unitId, sight };
}
