import { type Features, featureNames, type updateFeaturesRequest } from '@picket/contracts/api/feature';
import { scanNetwork } from '@picket/contracts/scan-network';
import type { Kysely } from 'kysely';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { withoutSwitchedOff } from '../../appliance-protocol/domain/switched-scan-network.ts';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { readFeatures, storeFeature } from '../../server/feature-switches.ts';
import type { Schema } from '../../storage/schema.ts';

/** Switches features, and gives each appliance for which that makes a difference a new document at once. */
export async function changeFeatures(
  context: PlatformContext,
  scope: AccessScope,
  wanted: z.output<typeof updateFeaturesRequest>,
  address: string,
): Promise<Features> {
  const { database } = context;
  return database.transaction(async (trx) => {
    const before = await readFeatures(scope, trx);
    const after = {
      vlans: wanted.vlans ?? before.vlans,
      ipv6: wanted.ipv6 ?? before.ipv6,
      virtualAppliances: wanted.virtualAppliances ?? before.virtualAppliances,
      scanServices: wanted.scanServices ?? before.scanServices,
    };
    for (const name of featureNames) {
      if (after[name] === before[name]) continue;
      await storeFeature(scope, trx, name, after[name]);
      const detail = { feature: name, on: after[name] };
      await recordAudit(scope, trx, { action: 'feature.switch', subject: 'subscription', detail, address });
    }
    const appliances = await renewDocuments(scope, trx, before, after);
    await announce(database, trx, { appliances, wake: appliances.map((id) => `appliance:${id}` as const) });
    return after;
  });
}

/** The number of a document tells appliances that there is a new one. Gives the appliances that get one. */
async function renewDocuments(
  scope: AccessScope,
  trx: Kysely<Schema>,
  before: Features,
  after: Features,
): Promise<number[]> {
  const rows = await trx
    .selectFrom('appliance_scan_network')
    .select(['appliance_id', 'document'])
    .where('subscription_id', '=', scope.subscriptionId)
    .forUpdate()
    .execute();
  const renewed: number[] = [];
  for (const row of rows) {
    const document = scanNetwork.parse(row.document);
    if (isDeepStrictEqual(withoutSwitchedOff(document, before), withoutSwitchedOff(document, after))) continue;
    const generation = document.generation + 1;
    await trx
      .updateTable('appliance_scan_network')
      .set({
        generation,
        document: JSON.stringify({ ...document, generation }),
        state: 'pending',
        detail: null,
        reported_at: null,
      })
      .where('subscription_id', '=', scope.subscriptionId)
      .where('appliance_id', '=', row.appliance_id)
      .execute();
    renewed.push(row.appliance_id);
  }
  return renewed;
}
