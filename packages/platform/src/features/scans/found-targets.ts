import { formatRange, type IpRange, parseIp } from '@picket/base/ip';
import { intersect, type RangeSet, rangeSet } from '@picket/base/range-set';
import type { ScanRequest } from '@picket/contracts/api/scan';
import { parseTarget } from '@picket/plan/targets';
import { type Kysely, sql } from 'kysely';
import { hasTag, readTags } from '../../jobs/asset-tags.ts';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import type { PlanFault } from './domain/plan-faults.ts';

/** Hosts that one tag or map may stand for; more than any job of single hosts should be. */
const mostHosts = 200_000;

/** Targets that a request does not name by address: hosts that have a tag, or that a map found, as they are now. */
export interface FoundTargets {
  readonly ranges: RangeSet;
  readonly faults: readonly PlanFault[];
}

/** Only hosts that the caller sees, and only as far as the network has them registered. A source that finds none is a fault. */
export async function foundTargets(
  scope: AccessScope,
  db: Kysely<Schema>,
  request: ScanRequest,
  registered: RangeSet,
): Promise<FoundTargets> {
  const tags = await tagTargets(scope, db, request, registered);
  const map = await mapTargets(scope, db, request, registered);
  return { ranges: rangeSet([...tags.ranges, ...map.ranges]), faults: [...tags.faults, ...map.faults] };
}

async function tagTargets(
  scope: AccessScope,
  db: Kysely<Schema>,
  { networkId, tagIds = [] }: ScanRequest,
  registered: RangeSet,
): Promise<FoundTargets> {
  const tags = new Map((await readTags(scope, db, tagIds)).map((tag) => [tag.id, tag]));
  const faults: PlanFault[] = [];
  const ranges: IpRange[] = [];
  for (const id of new Set(tagIds)) {
    const tag = tags.get(id);
    const fault = (message: string) => faults.push({ field: 'tagIds', item: String(id), message });
    if (!tag) {
      fault(`There is no tag ${id}.`);
      continue;
    }
    const { rows } = await sql<{ address: string }>`
      select host(asset.address) as address from ${seen(scope, 'asset')}
      where asset.subscription_id = ${scope.subscriptionId} and asset.network_id = ${networkId} and ${hasTag(tag)}
      limit ${mostHosts + 1}`.execute(db);
    const found = registeredPart(rows, registered);
    if (rows.length > mostHosts) fault(`More than ${mostHosts} assets have the tag ${tag.name}. Scan ranges.`);
    else if (found.length === 0) fault(`No asset in the registered ranges of this network has the tag ${tag.name}.`);
    ranges.push(...found);
  }
  return { ranges: rangeSet(ranges), faults };
}

async function mapTargets(
  scope: AccessScope,
  db: Kysely<Schema>,
  { networkId, fromMap }: ScanRequest,
  registered: RangeSet,
): Promise<FoundTargets> {
  if (fromMap === undefined) return { ranges: [], faults: [] };
  const wrong = (item: string, message: string): FoundTargets => ({
    ranges: [],
    faults: [{ field: 'fromMap', item, message }],
  });
  const id = String(fromMap.id);
  const job = await db
    .selectFrom(seen(scope, 'scan'))
    .select('network_id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', fromMap.id)
    .executeTakeFirst();
  if (!job) return wrong(id, `There is no map ${id}.`);
  if (job.network_id !== networkId)
    return wrong(id, `Map ${id} is of another network: the same address is another host there.`);
  const within: IpRange[] = [];
  for (const text of fromMap.networks) {
    const parsed = parseTarget(text);
    if (!parsed.ok || parsed.value.kind !== 'range') return wrong(text, `"${text.slice(0, 60)}" is no prefix.`);
    within.push(parsed.value.range);
  }
  const { rows } = await sql<{ address: string }>`
    select distinct host(address) as address from ${seen(scope, 'scan_fact')}
    where subscription_id = ${scope.subscriptionId} and scan_id = ${fromMap.id} and type = 'host' and event ->> 'state' = 'up'
    limit ${mostHosts + 1}`.execute(db);
  if (rows.length > mostHosts) return wrong(id, `Map ${id} has more than ${mostHosts} hosts. Scan its networks.`);
  const found = registeredPart(rows, registered);
  const ranges = within.length === 0 ? found : intersect(found, rangeSet(within));
  if (ranges.length > 0) return { ranges, faults: [] };
  const where = within.length === 0 ? '' : ` in ${rangeSet(within).slice(0, 5).map(formatRange).join(', ')}`;
  return wrong(id, `Map ${id} has no host${where} that is registered in this network.`);
}

function registeredPart(rows: readonly { readonly address: string }[], registered: RangeSet): RangeSet {
  const single = rows.flatMap(({ address }): readonly IpRange[] => {
    const read = parseIp(address);
    return read.ok ? [{ family: read.value.family, first: read.value.bits, last: read.value.bits }] : [];
  });
  return intersect(rangeSet(single), registered);
}
