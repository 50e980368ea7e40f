import { type Kysely, sql } from 'kysely';
import type { RangeSet } from '@picket/base/range-set';
import { edgesOf } from '../../server/access/inside.ts';
import { seen, underSeen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { StoredPlan } from '../../jobs/stored-plan.ts';
import type { Schema } from '../../storage/schema.ts';

/** Ended jobs of the network that are looked at, newest first. */
const lookedAt = 20;
/** Ways, and blocks with hosts, that are read at most. */
const readWays = 2000;
const readBlocks = 5000;

function endedJobs(scope: AccessScope, networkId: number) {
  return sql`select scan.id, scan.kind, scan.plan, scan.started_at, scan.ended_at, scan.running_since, scan.complete from ${seen(scope, 'scan')}
    where scan.subscription_id = ${scope.subscriptionId} and scan.network_id = ${networkId} and scan.ended_at is not null
    order by scan.id desc limit ${lookedAt}`;
}

/** Complete jobs that ran at one stretch, of the same kind, profile and phases: how long they took, and what the model had said. */
export async function measuredRuns(
  scope: AccessScope,
  db: Kysely<Schema>,
  networkId: number,
  plan: Pick<StoredPlan, 'kind' | 'phases' | 'profile'>,
) {
  const { rows } = await sql<{ seconds: number; modelSeconds: number; startedAt: Date }>`
    with jobs as (${endedJobs(scope, networkId)})
    select extract(epoch from jobs.ended_at - jobs.started_at)::float8 as seconds, (jobs.plan #>> '{estimate,seconds}')::float8 as "modelSeconds",
      jobs.started_at as "startedAt"
    from jobs where jobs.kind = ${plan.kind} and jobs.complete and jobs.running_since = jobs.started_at
      and jobs.plan #>> '{profile,name}' = ${plan.profile.name} and jobs.plan -> 'phases' = ${JSON.stringify(plan.phases)}::jsonb
      and not exists (select 1 from ${underSeen('slice')} where slice.subscription_id = ${scope.subscriptionId}
        and slice.scan_id = jobs.id and slice.given_back > 0)`.execute(db);
  return rows;
}

/** Ways to addresses of the targets, the newest of each. */
export async function tracedWays(scope: AccessScope, db: Kysely<Schema>, networkId: number, ranges: RangeSet) {
  const { rows } = await sql<{ address: string; hops: unknown; scanId: number; at: Date }>`
    with jobs as (${endedJobs(scope, networkId)})
    select distinct on (scan_fact.address) host(scan_fact.address) as address, scan_fact.event -> 'hops' as hops, scan_fact.scan_id as "scanId", scan_fact.at
    from jobs join ${seen(scope, 'scan_fact')} on scan_fact.subscription_id = ${scope.subscriptionId} and scan_fact.scan_id = jobs.id
    where scan_fact.type = 'route' and width_bucket(scan_fact.address, (select ${edgesOf(ranges)}::text::inet[])) % 2 = 1
    order by scan_fact.address, scan_fact.scan_id desc limit ${readWays}`.execute(db);
  return rows;
}

/** Prefixes that an appliance saw on its own link. */
export async function linkPrefixes(scope: AccessScope, db: Kysely<Schema>, networkId: number) {
  const { rows } = await sql<{ prefix: string; scanId: number; at: Date }>`
    with jobs as (${endedJobs(scope, networkId)})
    select scan_fact.event ->> 'prefix' as prefix, max(scan_fact.scan_id) as "scanId", max(scan_fact.at) as at
    from jobs join ${seen(scope, 'scan_fact')} on scan_fact.subscription_id = ${scope.subscriptionId} and scan_fact.scan_id = jobs.id
    where scan_fact.type = 'network' and scan_fact.event ->> 'gateway' is null group by 1`.execute(db);
  return rows;
}

/** What is known of hops as assets of the network: names, and every word that may tell what they are. */
export async function hopAssets(
  scope: AccessScope,
  db: Kysely<Schema>,
  networkId: number,
  addresses: readonly string[],
) {
  if (addresses.length === 0) return [];
  const { rows } = await sql<{ address: string; name: string | null; words: (string | null)[] }>`
    select given.value as address, asset.name, array[asset.os, asset.mac_vendor] || coalesce((
      select array_agg(concat_ws(' ', service.vendor, service.product, service.version, service.info)) from ${underSeen('service')}
      where service.subscription_id = asset.subscription_id and service.asset_id = asset.id), '{}') as words
    from json_array_elements_text(${JSON.stringify(addresses)}::json) as given
    join ${seen(scope, 'asset')} on asset.subscription_id = ${scope.subscriptionId} and asset.network_id = ${networkId}
      and asset.address = given.value::inet`.execute(db);
  return rows;
}

/** Blocks in which an appliance found hosts. */
export async function foundBlocks(
  scope: AccessScope,
  db: Kysely<Schema>,
  networkId: number,
  applianceIds: readonly number[],
) {
  if (applianceIds.length === 0) return [];
  const { rows } = await sql<{ applianceId: number; block: string; up: number; scanId: number; at: Date }>`
    with jobs as (${endedJobs(scope, networkId)})
    select slice.appliance_id as "applianceId", unit.subject as block, (unit.counts ->> 'up')::integer as up, unit.scan_id as "scanId", unit.updated_at as at
    from jobs join ${seen(scope, 'unit')} on unit.subscription_id = ${scope.subscriptionId} and unit.scan_id = jobs.id
    join ${underSeen('slice')} on slice.subscription_id = unit.subscription_id and slice.id = unit.slice_id
    where unit.phase = 'discovery' and (unit.counts ->> 'up')::integer > 0 and slice.appliance_id in (${sql.join([...applianceIds])})
    order by unit.scan_id desc limit ${readBlocks}`.execute(db);
  return rows;
}
