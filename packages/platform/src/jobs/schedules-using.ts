import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AccessScope } from '../server/context.ts';
import type { Schema } from '../storage/schema.ts';

/** Schedules that use something: names of those that the caller sees, and how many others there are. */
export interface UsingSchedules {
  readonly seen: readonly string[];
  readonly others: number;
}

/** Schedules whose scan has the options of a profile. */
export const usesProfile = (id: number) => sql<boolean>`request ->> 'optionProfileId' = ${String(id)}`;

/** Schedules whose scan takes a tag as a target. */
export const usesTag = (id: number) => sql<boolean>`request -> 'tagIds' @> ${JSON.stringify([id])}::jsonb`;

export async function schedulesUsing(
  scope: AccessScope,
  db: Kysely<Schema>,
  use: RawBuilder<boolean>,
): Promise<UsingSchedules> {
  const rows = await db
    .selectFrom('schedule')
    .select(['name', 'owner_account'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where(use)
    .orderBy('id')
    .limit(1000)
    .execute();
  const all = scope.role === 'manager' || scope.role === 'auditor';
  const seen = rows.filter((row) => all || row.owner_account === scope.accountId).map((row) => row.name);
  return { seen, others: rows.length - seen.length };
}

/** For a refusal: ten names, and how many more. */
export function namesOf({ seen, others }: UsingSchedules): string {
  const named = seen.slice(0, 10).map((one) => `"${one}"`);
  const more = seen.length - named.length + others;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
