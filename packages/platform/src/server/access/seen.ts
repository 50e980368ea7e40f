import type { AliasedRawBuilder, RawBuilder, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Schema } from '../../storage/schema.ts';
import { inside, wholeInside } from './inside.ts';
import type { ConfinedSight, Viewer } from './sight.ts';

/** Tables that an account may see in part only. No query on behalf of a person reads one but through `seen`; a test holds it. */
export const confinedTables = [
  'asset',
  'tag_asset',
  'service',
  'detection',
  'detection_history',
  'scan',
  'scan_range',
  'scan_appliance',
  'slice',
  'slice_lease',
  'unit',
  'scan_fact',
  'scan_note',
  'appliance',
  'appliance_network',
  'appliance_scan_network',
  'appliance_update',
  'appliance_doctor',
  'appliance_network_error',
  'appliance_instance',
  'personalization_code',
  'network',
  'network_range',
  'asset_group',
  'asset_group_range',
  'asset_group_appliance',
] as const satisfies readonly (keyof Schema)[];
export type ConfinedTable = (typeof confinedTables)[number];

/**
 * The rows of a table that the viewer sees, under the table's own name, for `from` and `join` and for `selectFrom`. Who sees
 * everything reads the bare table. Rows of other subscriptions are the query's own business, as everywhere.
 */
export function seen<T extends ConfinedTable>(viewer: Viewer, table: T): AliasedRawBuilder<Selectable<Schema[T]>, T> {
  const { sight } = viewer;
  const rows = sight === 'everything' ? sql`select * from ${sql.table(table)}` : conditions[table](sight, table);
  return sql<Selectable<Schema[T]>>`(${rows})`.as(table);
}

/** `service` or `detection` joined with `asset`, as far as the viewer sees the assets. Tables under their own names. */
export function onSeenAssets(viewer: Viewer, table: 'service' | 'detection'): RawBuilder<unknown> {
  const rows = sql.table(table);
  return sql`${rows} join ${seen(viewer, 'asset')} on asset.subscription_id = ${rows}.subscription_id and asset.id = ${rows}.asset_id`;
}

type Rows = (sight: ConfinedSight, table: ConfinedTable) => RawBuilder<unknown>;

const ofAsset: Rows = (sight, table) => {
  const rows = sql.table(table);
  return sql`select ${rows}.* from ${rows} join asset place on place.subscription_id = ${rows}.subscription_id
    and place.id = ${rows}.asset_id where ${inside(sight, sql`place.network_id`, sql`place.address`)}`;
};

const ofDetection: Rows = (sight, table) => {
  const rows = sql.table(table);
  return sql`select ${rows}.* from ${rows}
    join detection found on found.subscription_id = ${rows}.subscription_id and found.id = ${rows}.detection_id
    join asset place on place.subscription_id = found.subscription_id and place.id = found.asset_id
    where ${inside(sight, sql`place.network_id`, sql`place.address`)}`;
};

/** A job is seen when every address that it was planned for is; what it holds follows. */
const ofScan: Rows = (sight, table) => {
  const rows = sql.table(table);
  return sql`select ${rows}.* from ${rows} join scan job on job.subscription_id = ${rows}.subscription_id
    and job.id = ${rows}.scan_id where ${wholeInside(sight, 'job')}`;
};

const ofAppliance: Rows = (sight, table) => {
  const rows = sql.table(table);
  return sql`select * from ${rows} where ${inGroups(sight, sql`${rows}.appliance_id`, rows)}`;
};

const ofGroup: Rows = (sight, table) =>
  sql`select * from ${sql.table(table)} where ${among(sql`asset_group_id`, sight.groupIds)}`;

const conditions: Readonly<Record<ConfinedTable, Rows>> = {
  asset: (sight) => sql`select * from asset where ${inside(sight, sql`asset.network_id`, sql`asset.address`)}`,
  tag_asset: ofAsset,
  service: ofAsset,
  detection: ofAsset,
  detection_history: ofDetection,
  scan: (sight) => sql`select * from scan where ${wholeInside(sight, 'scan')}`,
  scan_range: ofScan,
  scan_appliance: ofScan,
  slice: ofScan,
  slice_lease: ofScan,
  unit: ofScan,
  scan_fact: ofScan,
  scan_note: ofScan,
  appliance: (sight) => sql`select * from appliance where ${inGroups(sight, sql`appliance.id`, sql`appliance`)}`,
  appliance_network: (sight) => sql`select * from appliance_network
    where ${inGroups(sight, sql`appliance_network.appliance_id`, sql`appliance_network`)} and ${inNetworks(sight, sql`network_id`)}`,
  appliance_scan_network: ofAppliance,
  appliance_update: ofAppliance,
  appliance_doctor: ofAppliance,
  appliance_network_error: ofAppliance,
  appliance_instance: ofAppliance,
  personalization_code: ofAppliance,
  network: (sight) => sql`select * from network where ${inNetworks(sight, sql`id`)}`,
  // Rows of the networks that are seen: readers cut them down to what is seen of it (`seenRanges`).
  network_range: (sight) => sql`select * from network_range where ${inNetworks(sight, sql`network_id`)}`,
  asset_group: (sight) => sql`select * from asset_group where ${among(sql`id`, sight.groupIds)}`,
  asset_group_range: ofGroup,
  asset_group_appliance: ofGroup,
};

function inGroups(sight: ConfinedSight, applianceId: RawBuilder<unknown>, rows: RawBuilder<unknown>) {
  return sql`exists (select 1 from asset_group_appliance placed where placed.subscription_id = ${rows}.subscription_id
    and placed.appliance_id = ${applianceId} and ${among(sql`placed.asset_group_id`, sight.groupIds)})`;
}

function inNetworks(sight: ConfinedSight, networkId: RawBuilder<unknown>): RawBuilder<unknown> {
  return among(networkId, [...sight.networks.keys()]);
}

function among(column: RawBuilder<unknown>, ids: readonly number[]): RawBuilder<unknown> {
  return ids.length === 0 ? sql`false` : sql`${column} in (${sql.join(ids)})`;
}

/**
 * The bare table, where the query ties each of its rows to a row that it reads through `seen`: services of a seen asset, units of
 * a seen job. Whoever writes it vouches for the join.
 */
export function underSeen<T extends ConfinedTable>(table: T): AliasedRawBuilder<Selectable<Schema[T]>, T> {
  return sql<Selectable<Schema[T]>>`(select * from ${sql.table(table)})`.as(table);
}
