import { type Kysely, sql } from 'kysely';
import type { Schema } from '../storage/schema.ts';

/**
 * Appliances that may be scanning: they were given a lease of a job that is open, or that ended since then. Of every subscription; more than
 * hold one now, because who lost a lease may not know it yet.
 */
export async function leaseHolders(db: Kysely<Schema>, endedSince: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select distinct l.appliance_id as id from scan
    join slice on slice.subscription_id = scan.subscription_id and slice.scan_id = scan.id
    join slice_lease l on l.subscription_id = slice.subscription_id and l.slice_id = slice.id
    where scan.status in ('queued', 'running', 'pausing', 'paused', 'canceling') or scan.ended_at > ${endedSince}`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}
