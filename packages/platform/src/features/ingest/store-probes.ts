import { type Kysely, sql } from 'kysely';
import { addProbes, noProbes, sentProbes } from '../../jobs/domain/sent-probes.ts';
import type { Schema } from '../../storage/schema.ts';
import type { UnitChange } from './domain/fold-types.ts';
import type { FoldTarget } from './store-inventory.ts';

/**
 * Adds what was sent for blocks to what earlier runs of them sent. Also of a lease that was superseded: what went out went out. The units
 * are there; the caller holds the lock of the job, so nobody else adds meanwhile.
 */
export async function storeProbes(
  target: FoldTarget,
  trx: Kysely<Schema>,
  units: readonly UnitChange[],
): Promise<void> {
  const added = units.flatMap(({ subject, probes }) => (probes === null ? [] : [{ subject, probes }]));
  if (added.length === 0) return;
  const { rows } = await sql<{ subject: string; probes: unknown }>`
    select unit.subject, unit.probes from json_array_elements_text(${JSON.stringify(added.map((one) => one.subject))}::json) as given (subject)
    join unit on unit.subscription_id = ${target.subscriptionId} and unit.scan_id = ${target.scanId}
      and unit.phase = 'discovery' and unit.subject = given.subject
    where unit.probes is not null`.execute(trx);
  const known = new Map(rows.map((row) => [row.subject, sentProbes.parse(row.probes)]));
  const sums = added.map(({ subject, probes }) => ({
    subject,
    probes: addProbes(known.get(subject) ?? noProbes, probes),
  }));
  await sql`
    update unit set probes = given.probes
    from json_to_recordset(${JSON.stringify(sums)}::json) as given (subject text, probes jsonb)
    where unit.subscription_id = ${target.subscriptionId} and unit.scan_id = ${target.scanId}
      and unit.phase = 'discovery' and unit.subject = given.subject`.execute(trx);
}
