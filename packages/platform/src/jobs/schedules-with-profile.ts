import { type Kysely, sql } from 'kysely';
import type { AccessScope } from '../server/context.ts';
import type { Schema } from '../storage/schema.ts';

/** Names of the schedules that use an option profile, as far as the caller sees them, and how many others do. */
export async function schedulesWithProfile(
  scope: AccessScope,
  db: Kysely<Schema>,
  profileId: number,
): Promise<{ readonly seen: readonly string[]; readonly others: number }> {
  const rows = await db
    .selectFrom('schedule')
    .select(['name', 'owner_account'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where(sql<boolean>`request ->> 'optionProfileId' = ${String(profileId)}`)
    .orderBy('id')
    .limit(1000)
    .execute();
  const all = scope.role === 'manager' || scope.role === 'auditor';
  const seen = rows.filter((row) => all || row.owner_account === scope.accountId).map((row) => row.name);
  return { seen, others: rows.length - seen.length };
}
