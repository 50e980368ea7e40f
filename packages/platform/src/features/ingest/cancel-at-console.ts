import type { Kysely } from 'kysely';
import type { ApplianceScope } from '../../appliance-protocol/authenticate.ts';
import { type LockedScan, moveScan, wakeHolders } from '../../jobs/settle-scan.ts';
import type { Database } from '../../storage/database.ts';
import type { Schema } from '../../storage/schema.ts';
import type { SliceEnding } from './domain/fold-types.ts';

/**
 * A change of the network at an appliance's console cancels the scan that runs there, as if somebody had cancelled it here: its other
 * slices are not handed out, and whoever shares it is told to stop. Also where the platform heard of it so late that the lease was over,
 * but not once another appliance has taken the slice. Gives the locked job as it is now.
 */
export async function cancelAtConsole(
  database: Database,
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  scan: LockedScan,
  change: { readonly endings: readonly SliceEnding[]; readonly now: Date },
): Promise<LockedScan> {
  const leaseIds = change.endings.filter((ending) => ending.atConsole).map((ending) => ending.leaseId);
  if (leaseIds.length === 0) return scan;
  const current = await trx
    .selectFrom('slice')
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scan.id)
    .where('lease_id', 'in', leaseIds)
    .where('state', 'in', ['leased', 'pending'])
    .limit(1)
    .executeTakeFirst();
  if (!current) return scan;
  const { name } = await trx
    .selectFrom('appliance')
    .select('name')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.applianceId)
    .executeTakeFirstOrThrow();
  const reason = `Canceled: the network of ${name} was changed at its console. What was found until then is kept.`;
  const canceling = await moveScan(scope, trx, scan, 'cancel', { now: change.now, reason });
  if (!canceling) return scan;
  await wakeHolders(database, scope, trx, scan.id);
  return canceling;
}
