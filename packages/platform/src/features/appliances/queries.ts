import { type Kysely, sql } from 'kysely';
import { seen, underSeen } from '../../server/access/seen.ts';
import { wholeSubscription } from '../../server/access/sight.ts';
import type { AccessScope } from '../../server/context.ts';
import { countLimit } from '../../server/page-cursor.ts';
import type { Schema } from '../../storage/schema.ts';

export interface ApplianceRow {
  readonly id: number;
  readonly name: string;
  readonly state: 'provisioned' | 'active' | 'revoked' | 'suspect';
  readonly kind: string | null;
  readonly lan_address: string | null;
  readonly software_version: string | null;
  readonly content_version: string | null;
  readonly available_percent: number | null;
  readonly connection: string;
  readonly last_contact: Date | null;
  readonly poll_interval_seconds: number;
  readonly heartbeat_seconds: number;
  readonly spool: unknown;
  readonly trouble: unknown;
  readonly created_at: Date;
  readonly networkIds: unknown;
  readonly assetGroupIds: unknown;
  readonly busy: boolean;
  readonly runningScans: unknown;
  readonly runningMaps: unknown;
  /** When the code expires that nobody has used yet. */
  readonly codeExpiresAt: Date | null;
}

/** Appliances that are not revoked, by name; one when `id` is given. */
export async function applianceRows(
  scope: AccessScope,
  db: Kysely<Schema>,
  page: {
    readonly id: number | null;
    readonly after: { readonly name: string; readonly id: number } | null;
    readonly limit: number;
  },
): Promise<readonly ApplianceRow[]> {
  const { rows } = await sql<ApplianceRow>`
    select appliance.*,
      (select coalesce(json_agg(appliance_network.network_id order by appliance_network.network_id), '[]') from ${seen(scope, 'appliance_network')}
        where appliance_network.subscription_id = appliance.subscription_id and appliance_network.appliance_id = appliance.id) as "networkIds",
      (select coalesce(json_agg(asset_group_appliance.asset_group_id order by asset_group_appliance.asset_group_id), '[]')
        from ${seen(scope, 'asset_group_appliance')} where asset_group_appliance.subscription_id = appliance.subscription_id
        and asset_group_appliance.appliance_id = appliance.id) as "assetGroupIds",
      exists (select 1 from ${underSeen('slice')} where slice.subscription_id = appliance.subscription_id
        and slice.appliance_id = appliance.id and slice.state = 'leased') as busy,
      (select coalesce(json_agg(distinct slice.scan_id), '[]') from ${seen(scope, 'slice')}
        where slice.subscription_id = appliance.subscription_id and slice.appliance_id = appliance.id and slice.state = 'leased') as "runningScans",
      (select coalesce(json_agg(distinct slice.scan_id), '[]') from ${seen(scope, 'slice')} join ${underSeen('scan')}
        on scan.subscription_id = slice.subscription_id and scan.id = slice.scan_id and scan.kind = 'map'
        where slice.subscription_id = appliance.subscription_id and slice.appliance_id = appliance.id and slice.state = 'leased') as "runningMaps",
      (select max(personalization_code.expires_at) from ${underSeen('personalization_code')}
        where personalization_code.subscription_id = appliance.subscription_id
        and personalization_code.appliance_id = appliance.id and personalization_code.used_at is null) as "codeExpiresAt"
    from ${seen(scope, 'appliance')}
    where appliance.subscription_id = ${scope.subscriptionId} and appliance.state <> 'revoked'
      and (${page.id}::bigint is null or appliance.id = ${page.id}::bigint)
      and (${page.after?.name ?? null}::text is null
        or (lower(appliance.name), appliance.id) > (${page.after?.name ?? null}::text, ${page.after?.id ?? null}::bigint))
    order by lower(appliance.name), appliance.id limit ${page.limit}`.execute(db);
  return rows;
}

export async function countAppliances(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom(
      db
        .selectFrom(seen(scope, 'appliance'))
        .select('id')
        .where('subscription_id', '=', scope.subscriptionId)
        .where('state', '<>', 'revoked')
        .limit(countLimit)
        .as('counted'),
    )
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return row.total;
}

/** Lower-case or not as given: names in use. */
export async function takenNames(scope: AccessScope, db: Kysely<Schema>): Promise<ReadonlySet<string>> {
  const rows = await db
    // Names are taken in the whole subscription.
    .selectFrom(seen(wholeSubscription(scope.subscriptionId), 'appliance'))
    .select('name')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('state', '<>', 'revoked')
    .execute();
  return new Set(rows.map((row) => row.name));
}

/** Ids of the given networks that do not exist. */
export async function missingNetworks(
  scope: AccessScope,
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<readonly number[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom(seen(scope, 'network'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', 'in', ids)
    .execute();
  const found = new Set(rows.map((row) => row.id));
  return ids.filter((id) => !found.has(id));
}

export interface PendingDeviceRow {
  readonly keyId: string;
  readonly publicKey: string;
  readonly facts: unknown;
}

/** Takes a waiting device out of the line by its code: of two that enter it at once only one gets it. */
export async function takePending(
  scope: AccessScope,
  trx: Kysely<Schema>,
  codeHash: Uint8Array,
): Promise<(PendingDeviceRow & { expiresAt: Date }) | null> {
  void scope;
  const row = await trx
    .deleteFrom('pending_device')
    .where('code_hash', '=', codeHash)
    .returning(['key_id', 'public_key', 'facts', 'expires_at'])
    .executeTakeFirst();
  return row ? { keyId: row.key_id, publicKey: row.public_key, facts: row.facts, expiresAt: row.expires_at } : null;
}

export interface NewAppliance {
  readonly name: string;
  readonly state: 'provisioned' | 'active';
  readonly publicKey: string | null;
  readonly keyId: string | null;
  readonly facts: {
    kind: string;
    lanAddress: string | null;
    hostname: string;
    softwareVersion: string;
    contentVersion: string;
  } | null;
  readonly createdAt: Date;
}

export async function insertAppliance(scope: AccessScope, trx: Kysely<Schema>, given: NewAppliance): Promise<number> {
  const { id } = await trx
    .insertInto('appliance')
    .values({
      subscription_id: scope.subscriptionId,
      name: given.name,
      state: given.state,
      public_key: given.publicKey,
      key_id: given.keyId,
      kind: given.facts?.kind ?? null,
      lan_address: given.facts?.lanAddress ?? null,
      hostname: given.facts?.hostname ?? null,
      software_version: given.facts?.softwareVersion ?? null,
      content_version: given.facts?.contentVersion ?? null,
      created_at: given.createdAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function setNetworks(
  scope: AccessScope,
  trx: Kysely<Schema>,
  applianceId: number,
  networkIds: readonly number[],
): Promise<void> {
  await sql`
    delete from appliance_network where subscription_id = ${scope.subscriptionId} and appliance_id = ${applianceId}
      and network_id in (select id from ${seen(scope, 'network')})`.execute(trx);
  const rows = [...new Set(networkIds)].map((id) => ({
    subscription_id: scope.subscriptionId,
    appliance_id: applianceId,
    network_id: id,
  }));
  if (rows.length > 0) await trx.insertInto('appliance_network').values(rows).execute();
}

export async function insertCode(
  scope: AccessScope,
  trx: Kysely<Schema>,
  code: { hash: Uint8Array; applianceId: number; now: Date; expiresAt: Date },
): Promise<void> {
  await trx
    .insertInto('personalization_code')
    .values({
      code_hash: code.hash,
      subscription_id: scope.subscriptionId,
      appliance_id: code.applianceId,
      created_at: code.now,
      expires_at: code.expiresAt,
    })
    .execute();
}

export async function lockAppliance(scope: AccessScope, trx: Kysely<Schema>, id: number) {
  return trx
    .selectFrom(seen(scope, 'appliance'))
    .select(['id', 'name', 'state'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export async function updateAppliance(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  set: {
    name?: string;
    poll_interval_seconds?: number;
    heartbeat_seconds?: number;
    state?: 'active' | 'revoked';
    revoked_at?: Date;
    current_instance?: null;
  },
): Promise<void> {
  if (Object.keys(set).length === 0) return;
  await trx
    .updateTable('appliance')
    .set(set)
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

/** Instances that spoke since may speak again: the first one to do so becomes the current one. */
export async function readmitInstances(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  since: Date,
): Promise<void> {
  await trx
    .updateTable('appliance_instance')
    .set({ superseded_at: null })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', id)
    .where('last_seen', '>', since)
    .execute();
}

export async function deleteAppliance(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<void> {
  await trx
    .deleteFrom('scan_appliance')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', id)
    .execute();
  await trx.deleteFrom('appliance').where('subscription_id', '=', scope.subscriptionId).where('id', '=', id).execute();
}

/** Asset groups among the given that the caller sees, with their units. */
export async function seenGroups(
  scope: AccessScope,
  db: Kysely<Schema>,
): Promise<ReadonlyMap<number, { readonly coversAll: boolean; readonly unitId: number | null }>> {
  const rows = await db
    .selectFrom(seen(scope, 'asset_group'))
    .select(['id', 'covers_all', 'business_unit_id'])
    .where('subscription_id', '=', scope.subscriptionId)
    .execute();
  return new Map(rows.map((row) => [row.id, { coversAll: row.covers_all, unitId: row.business_unit_id }]));
}

/** Puts the appliance into these groups instead of those of them that the caller sees; others stay. */
export async function setGroups(
  scope: AccessScope,
  trx: Kysely<Schema>,
  applianceId: number,
  groupIds: readonly number[],
): Promise<void> {
  await sql`
    delete from asset_group_appliance where subscription_id = ${scope.subscriptionId} and appliance_id = ${applianceId}
      and asset_group_id in (select id from ${seen(scope, 'asset_group')})`.execute(trx);
  const rows = [...new Set(groupIds)].map((id) => ({
    subscription_id: scope.subscriptionId,
    asset_group_id: id,
    appliance_id: applianceId,
  }));
  if (rows.length > 0) await trx.insertInto('asset_group_appliance').values(rows).execute();
}
