import { type IpRange, parseIp } from '@picket/base/ip';
import { type RangeSet, rangeSet } from '@picket/base/range-set';
import type { ExcludedPart } from '@picket/contracts/api/exclusion';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { seen } from '../server/access/seen.ts';
import { wholeSubscription } from '../server/access/sight.ts';
import type { Schema } from '../storage/schema.ts';
import type { TenantScope } from './settle-scan.ts';

/** One of those who exclude addresses from a job, beside its own request. */
export interface ExclusionSource extends Pick<ExcludedPart, 'source' | 'name'> {
  readonly ranges: RangeSet;
}

/** What decides who excludes: where a job scans, and which groups it took as targets. */
export interface ExclusionPlace {
  readonly networkId: number;
  readonly assetGroupIds: readonly number[];
}

interface SourceRow {
  readonly source: 'subscription' | 'network' | 'asset-group';
  readonly id: number;
  readonly name: string | null;
  readonly first: string;
  readonly last: string;
}

/** Every exclusion that holds for a job, whoever asks: an exclusion binds those too who do not see it. */
function holding({ subscriptionId }: TenantScope, { networkId, assetGroupIds }: ExclusionPlace) {
  const all = wholeSubscription(subscriptionId);
  const groups =
    assetGroupIds.length === 0 ? sql`false` : sql`asset_group_range.asset_group_id in (${sql.join(assetGroupIds)})`;
  return sql`
    select 'subscription' as source, 0::bigint as id, null as name, first_address, last_address
    from exclusion_range where subscription_id = ${subscriptionId}
    union all
    select 'network', network.id, network.name, first_address, last_address
    from ${seen(all, 'network_range')}
    join ${seen(all, 'network')} on network.subscription_id = network_range.subscription_id and network.id = network_range.network_id
    where network_range.subscription_id = ${subscriptionId} and network.id = ${networkId} and kind = 'exclusion'
    union all
    select 'asset-group', asset_group.id, asset_group.name, first_address, last_address
    from ${seen(all, 'asset_group_range')}
    join ${seen(all, 'asset_group')} on asset_group.subscription_id = asset_group_range.subscription_id
      and asset_group.id = asset_group_range.asset_group_id
    where asset_group_range.subscription_id = ${subscriptionId} and asset_group_range.network_id = ${networkId}
      and kind = 'exclusion' and ${groups}`;
}

/** Who excludes what from a job that is planned now; a source without an exclusion is not there. */
export async function exclusionSources(
  scope: TenantScope,
  db: Kysely<Schema>,
  place: ExclusionPlace,
): Promise<readonly ExclusionSource[]> {
  const { rows } = await sql<SourceRow>`
    select source, id, name, host(first_address) as first, host(last_address) as last
    from (${holding(scope, place)}) as held order by source, id`.execute(db);
  return [...Map.groupBy(rows, (row) => `${row.source}/${row.id}`).values()].flatMap((own) => {
    const [first] = own;
    return first ? [{ source: first.source, name: first.name, ranges: rangeSet(own.flatMap(rangeOf)) }] : [];
  });
}

/** What is excluded now of the addresses that a job was planned for: ranges that touch one of its own. */
export async function exclusionsOfScan(
  scope: TenantScope,
  db: Kysely<Schema>,
  scanId: number,
  place: ExclusionPlace,
): Promise<RangeSet> {
  const { rows } = await sql<SourceRow>`
    select host(held.first_address) as first, host(held.last_address) as last
    from (${holding(scope, place)}) as held
    where exists (select 1 from ${seen(wholeSubscription(scope.subscriptionId), 'scan_range')}
      where scan_range.subscription_id = ${scope.subscriptionId} and scan_range.scan_id = ${scanId}
        and scan_range.first_address <= held.last_address and scan_range.last_address >= held.first_address)`.execute(
    db,
  );
  return rangeSet(rows.flatMap(rangeOf));
}

/** Names that the subscription excludes: a plan asks for their addresses anew. */
export async function excludedNames(scope: TenantScope, db: Kysely<Schema>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: unknown }>`
    select distinct given ->> 'name' as name from exclusion, jsonb_array_elements(names) as given
    where subscription_id = ${scope.subscriptionId}`.execute(db);
  return rows.map((row) => z.string().parse(row.name));
}

function rangeOf({ first, last }: Pick<SourceRow, 'first' | 'last'>): readonly IpRange[] {
  const from = parseIp(first);
  const to = parseIp(last);
  if (!from.ok || !to.ok || from.value.family !== to.value.family) return [];
  return [{ family: from.value.family, first: from.value.bits, last: to.value.bits }];
}
