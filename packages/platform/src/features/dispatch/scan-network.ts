import type { PollRequest } from '@picket/contracts/poll';
import type { ScanNetworkReport } from '@picket/contracts/scan-network';
import type { Kysely } from 'kysely';
import type { ApplianceScope } from '../../appliance-protocol/authenticate.ts';
import type { Schema } from '../../storage/schema.ts';

/** Takes over what an appliance says of its document; words on one that was replaced since are old news. True when it said something new. */
export async function recordScanNetwork(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  report: ScanNetworkReport,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('appliance_scan_network')
    .set({ state: report.state, detail: report.detail ?? null, reported_at: now })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('generation', '=', report.generation)
    .where(({ eb, or }) =>
      or([eb('state', '<>', report.state), eb('detail', 'is distinct from', report.detail ?? null)]),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes over how far an appliance is with a document that takes it long. */
export async function recordProgress(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  { generation, message }: NonNullable<PollRequest['applying']>,
  now: Date,
): Promise<void> {
  await db
    .updateTable('appliance_scan_network')
    .set({ detail: `Still being applied: ${message}.`, reported_at: now })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('generation', '=', generation)
    .where('state', '=', 'pending')
    .execute();
}
