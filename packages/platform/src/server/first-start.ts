import { sql } from 'kysely';
import type { Database } from '../storage/database.ts';

/** The one tenant of this release, made when there is none. `created`: this is the very first start. */
export async function ensureSubscription(
  database: Database,
): Promise<{ readonly id: number; readonly created: boolean }> {
  return database.transaction(async (trx) => {
    // Replicas that start together must not make two.
    await sql`select pg_advisory_xact_lock(${0x7069636c}::bigint)`.execute(trx);
    const existing = await trx.selectFrom('subscription').select('id').orderBy('id').limit(1).executeTakeFirst();
    if (existing) return { id: existing.id, created: false };
    const made = await trx
      .insertInto('subscription')
      .values({ name: 'Picket' })
      .returning('id')
      .executeTakeFirstOrThrow();
    await trx
      .insertInto('asset_group')
      .values({
        subscription_id: made.id,
        name: 'All',
        comments: 'Every address of every network, and every appliance.',
        covers_all: true,
      })
      .execute();
    return { id: made.id, created: true };
  });
}
