import { type ScanNetwork, type ScanNetworkReport, scanNetwork } from '@picket/contracts/scan-network';
import type { Kysely } from 'kysely';
import type { ApplianceScope } from '../../appliance-protocol/authenticate.ts';
import type { Schema } from '../../storage/schema.ts';

/** Takes over what an appliance says of its document; words on one that was replaced since are old news. */
export async function recordScanNetwork(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  report: ScanNetworkReport,
  now: Date,
): Promise<void> {
  await db
    .updateTable('appliance_scan_network')
    .set({ state: report.state, detail: report.detail ?? null, reported_at: now })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('generation', '=', report.generation)
    .where(({ eb, or }) =>
      or([eb('state', '<>', report.state), eb('detail', 'is distinct from', report.detail ?? null)]),
    )
    .execute();
}

/** The document that the appliance should have and does not name; null when it has been given it, whatever became of it. */
export async function scanNetworkFor(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  named: ScanNetworkReport | undefined,
): Promise<ScanNetwork | null> {
  const row = await db
    .selectFrom('appliance_scan_network')
    .select('document')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('generation', '<>', named?.generation ?? 0)
    .executeTakeFirst();
  return row ? scanNetwork.parse(row.document) : null;
}
