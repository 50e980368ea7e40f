import { isoTime } from '@picket/base/clock';
import { type ApplianceScanNetwork, applianceScanNetwork } from '@picket/contracts/api/scan-network';
import { emptyScanNetwork, type ScanNetwork, scanNetwork } from '@picket/contracts/scan-network';
import type { Features } from '@picket/contracts/api/feature';
import type { Kysely } from 'kysely';
import {
  keepSwitchedOff,
  switchedOffParts,
  withoutSwitchedOff,
} from '../../appliance-protocol/domain/switched-scan-network.ts';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { readFeatures } from '../../server/feature-switches.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import type { Schema } from '../../storage/schema.ts';
import { lockAppliance } from './queries.ts';

const none: ApplianceScanNetwork = {
  network: emptyScanNetwork,
  changedAt: null,
  changedBy: null,
  state: 'none',
  detail: null,
  reportedAt: null,
};

/** The VLANs, static routes and IPv6 settings of an appliance, and what became of them there (spec section 5). */
export async function readScanNetwork(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
): Promise<ApplianceScanNetwork> {
  await requireKnown(scope, context.database.db, id);
  const features = await requireFeature(scope, context.database.db);
  return shown(await current(scope, context.database.db, id), features);
}

/**
 * Replaces the document. Its `generation` is the one that was read: when somebody else has changed it since, nothing is changed and
 * the answer says so. What is switched off for the subscription is refused, and what is kept of it stays.
 */
export async function changeScanNetwork(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  wanted: ScanNetwork,
  address: string,
): Promise<ApplianceScanNetwork> {
  const { database, clock } = context;
  return database.transaction(async (trx) => {
    const row = await lockAppliance(scope, trx, id);
    if (!row || row.state === 'revoked') throw notFound('appliance', id);
    const features = await requireFeature(scope, trx);
    refuseSwitchedOff(wanted, features);
    const before = await current(scope, trx, id);
    if (before.network.generation !== wanted.generation)
      throw refuse({
        status: 409,
        code: 'appliance.scan-network-changed',
        message: 'Somebody has changed these settings since you opened them.',
        hint: 'Open them again; what you entered is not saved.',
      });
    const kept = keepSwitchedOff(wanted, before.network, features);
    const network = { ...kept, generation: wanted.generation + 1 };
    await store(scope, trx, id, network, new Date(clock.now()));
    await recordAudit(scope, trx, {
      action: 'appliance.scan-network',
      subject: `appliance:${id}`,
      detail: {
        generation: network.generation,
        vlans: network.vlans.length,
        routes: network.routes.length,
        ipv6: network.ipv6?.method ?? 'off',
      },
      address,
    });
    await announce(database, trx, { appliances: [id], wake: [`appliance:${id}`] });
    return shown(await current(scope, trx, id), features);
  });
}

function shown(settings: ApplianceScanNetwork, features: Features): ApplianceScanNetwork {
  return { ...settings, network: withoutSwitchedOff(settings.network, features) };
}

async function requireFeature(scope: AccessScope, db: Kysely<Schema>): Promise<Features> {
  const features = await readFeatures(scope, db);
  if (!features.vlans && !features.ipv6) throw switchedOff('VLANs, static routes and IPv6 scanning are', []);
  return features;
}

function refuseSwitchedOff(wanted: ScanNetwork, features: Features): void {
  const fields = switchedOffParts(wanted, features);
  if (fields.length > 0) throw switchedOff(features.vlans ? 'IPv6 scanning is' : 'VLANs and static routes are', fields);
}

function switchedOff(what: string, fields: readonly string[]) {
  return refuse({
    status: 403,
    code: 'feature.switched-off',
    message: `${what} switched off for this subscription.`,
    hint: 'A Manager switches features on with "picket feature enable" or the API.',
    errors: fields.map((field) => ({ field, message: `${what} switched off.` })),
  });
}

async function current(scope: AccessScope, db: Kysely<Schema>, id: number): Promise<ApplianceScanNetwork> {
  const row = await db
    .selectFrom(seen(scope, 'appliance_scan_network'))
    .selectAll()
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', id)
    .executeTakeFirst();
  if (!row) return none;
  return {
    network: scanNetwork.parse(row.document),
    changedAt: isoTime(row.changed_at.getTime()),
    changedBy: row.changed_by,
    state: applianceScanNetwork.shape.state.parse(row.state),
    detail: row.detail,
    reportedAt: row.reported_at && isoTime(row.reported_at.getTime()),
  };
}

async function store(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  network: ScanNetwork,
  now: Date,
): Promise<void> {
  const values = {
    generation: network.generation,
    document: JSON.stringify(network),
    changed_at: now,
    changed_by: scope.login,
    state: 'pending',
    detail: null,
    reported_at: null,
  } as const;
  await trx
    .insertInto('appliance_scan_network')
    .values({ subscription_id: scope.subscriptionId, appliance_id: id, ...values })
    .onConflict((conflict) => conflict.columns(['subscription_id', 'appliance_id']).doUpdateSet(values))
    .execute();
}

async function requireKnown(scope: AccessScope, db: Kysely<Schema>, id: number): Promise<void> {
  const row = await db
    .selectFrom(seen(scope, 'appliance'))
    .select('state')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row || row.state === 'revoked') throw notFound('appliance', id);
}
