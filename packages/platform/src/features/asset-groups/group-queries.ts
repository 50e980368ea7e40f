import { formatIp, type IpRange, parseIp } from '@picket/base/ip';
import { type RangeSet, rangeSet } from '@picket/base/range-set';
import type { listAssetGroupsQuery } from '@picket/contracts/api/people';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { inside } from '../../server/access/inside.ts';
import type { GroupAddresses } from '../../server/access/read-groups.ts';
import { seen, underSeen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

export interface GroupListRow {
  readonly id: number;
  readonly name: string;
  readonly comments: string;
  readonly covers_all: boolean;
  readonly business_unit_id: number | null;
  readonly unit_name: string | null;
  readonly appliance_ids: unknown;
  readonly account_ids: unknown;
}

type Query = Pick<z.output<typeof listAssetGroupsQuery>, 'businessUnitId'>;

/** People of a group, for those who administer or audit people: all of them, or those of the own unit. */
function knownPeople(scope: AccessScope): RawBuilder<unknown> {
  if (scope.role === 'manager' || scope.role === 'auditor') return sql`true`;
  if (scope.role !== 'unit-manager') return sql`false`;
  return sql`account.business_unit_id = ${scope.unitId}::bigint and account.role in ('scanner', 'reader')`;
}

const filters = (scope: AccessScope, query: Query) => sql`asset_group.subscription_id = ${scope.subscriptionId}
  and (${query.businessUnitId ?? null}::bigint is null or asset_group.business_unit_id = ${query.businessUnitId ?? null}::bigint)`;

const rows = (scope: AccessScope, query: Query) => sql`
  select asset_group.id, asset_group.name, asset_group.comments, asset_group.covers_all, asset_group.business_unit_id,
    (select bu.name from business_unit bu where bu.subscription_id = asset_group.subscription_id
      and bu.id = asset_group.business_unit_id) as unit_name,
    (select coalesce(json_agg(appliance.id order by appliance.id), '[]') from ${underSeen('asset_group_appliance')}
      join ${seen(scope, 'appliance')} on appliance.subscription_id = asset_group_appliance.subscription_id
        and appliance.id = asset_group_appliance.appliance_id
      where asset_group_appliance.subscription_id = asset_group.subscription_id
        and asset_group_appliance.asset_group_id = asset_group.id) as appliance_ids,
    (select coalesce(json_agg(given.account_id order by given.account_id), '[]') from asset_group_account given
      join account on account.subscription_id = given.subscription_id and account.id = given.account_id
      where given.subscription_id = asset_group.subscription_id and given.asset_group_id = asset_group.id
        and ${knownPeople(scope)}) as account_ids
  from ${seen(scope, 'asset_group')} where ${filters(scope, query)}`;

export async function listGroups(
  scope: AccessScope,
  db: Kysely<Schema>,
  query: Query & { readonly after: number; readonly limit: number },
): Promise<readonly GroupListRow[]> {
  const found = await sql<GroupListRow>`
    ${rows(scope, query)} and asset_group.id > ${query.after} order by asset_group.id limit ${query.limit}`.execute(db);
  return found.rows;
}

export async function countGroups(scope: AccessScope, db: Kysely<Schema>, query: Query): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*) as n from ${seen(scope, 'asset_group')} where ${filters(scope, query)}`.execute(db);
  return found.rows[0]?.n ?? 0;
}

export async function findGroup(scope: AccessScope, db: Kysely<Schema>, id: number): Promise<GroupListRow | undefined> {
  const found = await sql<GroupListRow>`${rows(scope, {})} and asset_group.id = ${id}`.execute(db);
  return found.rows[0];
}

/** Ranges and exclusions as they were written, by group and network. */
export interface WrittenRanges {
  readonly groupId: number;
  readonly networkId: number;
  readonly networkName: string;
  readonly ranges: RangeSet;
  readonly exclusions: RangeSet;
}

export async function readWritten(
  scope: AccessScope,
  db: Kysely<Schema>,
  groupIds: readonly number[],
): Promise<readonly WrittenRanges[]> {
  if (groupIds.length === 0) return [];
  const found = await sql<{
    groupId: number;
    networkId: number;
    networkName: string;
    kind: string;
    first: string;
    last: string;
  }>`
    select asset_group_range.asset_group_id as "groupId", asset_group_range.network_id as "networkId", network.name as "networkName",
      asset_group_range.kind, host(asset_group_range.first_address) as first, host(asset_group_range.last_address) as last
    from ${seen(scope, 'asset_group_range')}
    join ${seen(scope, 'network')} on network.subscription_id = asset_group_range.subscription_id and network.id = asset_group_range.network_id
    where asset_group_range.subscription_id = ${scope.subscriptionId}
      and asset_group_range.asset_group_id in (${sql.join(groupIds)})
    order by asset_group_range.asset_group_id, asset_group_range.network_id`.execute(db);
  return [...Map.groupBy(found.rows, (row) => `${row.groupId}/${row.networkId}`).values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const { groupId, networkId, networkName } = first;
    const of = (kind: string) => rangeSet(own.filter((row) => row.kind === kind).flatMap(rangeOf));
    return [{ groupId, networkId, networkName, ranges: of('range'), exclusions: of('exclusion') }];
  });
}

function rangeOf(row: { readonly first: string; readonly last: string }): readonly IpRange[] {
  const first = parseIp(row.first);
  const last = parseIp(row.last);
  if (!first.ok || !last.ok) return [];
  return [{ family: first.value.family, first: first.value.bits, last: last.value.bits }];
}

/** Assets whose address the group covers. */
export async function countGroupAssets(scope: AccessScope, db: Kysely<Schema>, group: GroupAddresses): Promise<number> {
  const sight = { groupIds: [], networks: group.networks };
  const covered = group.coversAll ? sql`true` : inside(sight, sql`asset.network_id`, sql`asset.address`);
  const found = await sql<{ n: number }>`
    select count(*) as n from ${seen(scope, 'asset')} where asset.subscription_id = ${scope.subscriptionId} and ${covered}`.execute(
    db,
  );
  return found.rows[0]?.n ?? 0;
}

type Fields = { readonly name: string; readonly comments: string; readonly business_unit_id: number | null };

export async function insertGroup(scope: AccessScope, trx: Kysely<Schema>, fields: Fields): Promise<number> {
  const { id } = await trx
    .insertInto('asset_group')
    .values({ subscription_id: scope.subscriptionId, ...fields })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function updateGroup(scope: AccessScope, trx: Kysely<Schema>, id: number, fields: Fields): Promise<void> {
  await trx
    .updateTable('asset_group')
    .set(fields)
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

export async function deleteGroup(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<void> {
  await trx
    .deleteFrom('asset_group')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

/** What a group holds, whole. */
export async function replaceContents(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  contents: {
    readonly networks: readonly Pick<WrittenRanges, 'networkId' | 'ranges' | 'exclusions'>[];
    readonly applianceIds: readonly number[];
  },
): Promise<void> {
  for (const table of ['asset_group_range', 'asset_group_appliance'] as const) {
    await trx
      .deleteFrom(table)
      .where('subscription_id', '=', scope.subscriptionId)
      .where('asset_group_id', '=', id)
      .execute();
  }
  const text = (range: IpRange, bits: bigint) => formatIp({ family: range.family, bits });
  const written = contents.networks.flatMap(({ networkId, ranges, exclusions }) => [
    ...ranges.map((range) => ({ networkId, kind: 'range', range })),
    ...exclusions.map((range) => ({ networkId, kind: 'exclusion', range })),
  ]);
  const given = written.map(({ networkId, kind, range }) => ({
    network: networkId,
    kind,
    first: text(range, range.first),
    last: text(range, range.last),
  }));
  await sql`
    insert into asset_group_range (subscription_id, asset_group_id, network_id, kind, first_address, last_address)
    select ${scope.subscriptionId}, ${id}, network, kind, first::inet, last::inet
    from json_to_recordset(${JSON.stringify(given)}::json) as given (network bigint, kind text, first text, last text)`.execute(
    trx,
  );
  const placed = contents.applianceIds.map((appliance) => ({
    subscription_id: scope.subscriptionId,
    asset_group_id: id,
    appliance_id: appliance,
  }));
  if (placed.length > 0) await trx.insertInto('asset_group_appliance').values(placed).execute();
}

/** Networks, appliances and units among the given that there are. */
export async function readKnown(
  scope: AccessScope,
  db: Kysely<Schema>,
): Promise<Readonly<Record<'networks' | 'appliances' | 'units', readonly number[]>>> {
  const networks = await db
    .selectFrom(seen(scope, 'network'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .execute();
  const appliances = await db
    .selectFrom(seen(scope, 'appliance'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('state', '<>', 'revoked')
    .execute();
  const units = await db
    .selectFrom('business_unit')
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .execute();
  const idsOf = (list: readonly { readonly id: number }[]) => list.map((one) => one.id);
  return { networks: idsOf(networks), appliances: idsOf(appliances), units: idsOf(units) };
}
