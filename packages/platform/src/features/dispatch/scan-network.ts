import type { PollRequest } from '@picket/contracts/poll';
import { type ScanNetwork, type ScanNetworkReport, scanNetwork } from '@picket/contracts/scan-network';
import type { Kysely } from 'kysely';
import type { ApplianceScope } from '../../appliance-protocol/authenticate.ts';
import { withoutSwitchedOff } from '../../appliance-protocol/domain/switched-scan-network.ts';
import { readFeatures } from '../../server/feature-switches.ts';
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

/** The document that the appliance should have and does not name, without what is switched off; null when it has been given it, whatever became of it. */
export async function scanNetworkFor(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  { scanNetwork: named, applying }: Pick<PollRequest, 'scanNetwork' | 'applying'>,
): Promise<ScanNetwork | null> {
  const row = await db
    .selectFrom('appliance_scan_network')
    .select('document')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('generation', 'not in', [named?.generation ?? 0, applying?.generation ?? 0])
    .executeTakeFirst();
  return row ? withoutSwitchedOff(scanNetwork.parse(row.document), await readFeatures(scope, db)) : null;
}
