import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** Numbers below are the content's own; checks without one (other publishers) are numbered from here by the platform. */
const firstForeignNumber = 1_000_000;

/** What is known of a check from a finding alone. */
export interface SeenCheck {
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  readonly contentVersion: string;
}

/**
 * Gives every check a stable number that the content does not number or this platform does not hold; numbers are never
 * reused. Returns the numbers of all that were given.
 */
export async function ensureCheckNumbers(
  scope: { readonly subscriptionId: number },
  db: Kysely<Schema>,
  checks: readonly SeenCheck[],
): Promise<ReadonlyMap<string, number>> {
  if (checks.length === 0) return new Map();
  const known = await numbersOf(scope, db, checks);
  const unknown = [...new Map(checks.map((one) => [one.id, one])).values()].filter(({ id }) => !known.has(id));
  if (unknown.length === 0) return known;
  for (const check of unknown) {
    await sql`
      insert into check_info (subscription_id, id, number, name, severity, info, content_version)
      select ${scope.subscriptionId}, ${check.id}, greatest(${firstForeignNumber}, 1 + max(number)), ${check.name}, ${check.severity}, '{}', ${check.contentVersion}
      from (select max(number) as number from check_info where subscription_id = ${scope.subscriptionId}) highest
      on conflict (subscription_id, id) do nothing`.execute(db);
  }
  return numbersOf(scope, db, checks);
}

async function numbersOf(
  scope: { readonly subscriptionId: number },
  db: Kysely<Schema>,
  checks: readonly SeenCheck[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('check_info')
    .select(['id', 'number'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where(
      'id',
      'in',
      checks.map((check) => check.id),
    )
    .execute();
  return new Map(rows.map((row) => [row.id, row.number]));
}
