import { type SecurityPolicy, securityPolicy } from '@picket/contracts/api/sign-in';
import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import type { AccessScope } from './context.ts';

/** Key of the setting that holds the policy as JSON. */
export const policyKey = 'security.policy';

/** A working day without a request, and a week in any case. */
const usual: SecurityPolicy = {
  idleMinutes: 480,
  absoluteHours: 168,
  requireSecondFactor: false,
  oidcCountsAsSecondFactor: false,
};

/** The policy of a stored setting; what it does not say is as usual. */
export function policyOf(value: unknown): SecurityPolicy {
  const stored = securityPolicy
    .partial()
    .catch({})
    .parse(value ?? {});
  return {
    idleMinutes: stored.idleMinutes ?? usual.idleMinutes,
    absoluteHours: stored.absoluteHours ?? usual.absoluteHours,
    requireSecondFactor: stored.requireSecondFactor ?? usual.requireSecondFactor,
    oidcCountsAsSecondFactor: stored.oidcCountsAsSecondFactor ?? usual.oidcCountsAsSecondFactor,
  };
}

export async function readPolicy(
  scope: Pick<AccessScope, 'subscriptionId'>,
  db: Kysely<Schema>,
): Promise<SecurityPolicy> {
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('key', '=', policyKey)
    .executeTakeFirst();
  return policyOf(row?.value);
}
