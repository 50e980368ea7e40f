import { formatRange, type IpRange } from '@picket/base/ip';
import { countAddresses } from '@picket/base/range-set';
import { cutBlocks } from '@picket/plan/blocks';
import { type Kysely, type RawBuilder, sql, type SqlBool } from 'kysely';
import type { ApplianceScope } from '../../appliance-protocol/authenticate.ts';
import { blocksSet, storedBlocks } from '../../jobs/stored-plan.ts';
import type { Schema } from '../../storage/schema.ts';
import { leastShare, measuredSpeed, type Sharer, sliceShare, type WorkRecord } from './domain/slice-share.ts';

/** What a grant of a locked job asks for. */
export interface PortionRequest {
  readonly scanId: number;
  readonly now: Date;
  /** Contact after it counts as online. */
  readonly onlineSince: Date;
  /** That are online and may run the job, this one included. */
  readonly appliances: number;
  readonly hostsAtOnce: number;
}

/** Waiting slices that are looked at, at most: so many are enough for a pool of any size to go on with whole ones. */
const mostConsidered = 256;

interface WaitingSlice {
  readonly id: number;
  readonly attempt: number;
  readonly ranges: readonly IpRange[];
  readonly addresses: number;
  /** Appliances with a way of their own to it; empty: all of the job share it. */
  readonly claimedBy: readonly number[];
}

/**
 * The slice of a locked job that this appliance should take now; null when there is none for it. A slice that was never leased is cut
 * where it is more than the appliance's share; one that was leased before keeps its extent, and with it what is known of it.
 */
export async function portionOf(
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  request: PortionRequest,
): Promise<number | null> {
  const alone = request.appliances <= 1;
  const plenty = Math.min(4 * request.appliances + 4, mostConsidered);
  const waiting = await waitingSlices(scope, trx, request, alone ? 1 : plenty);
  const [next] = waiting;
  // While whole slices are far less than a share, nobody's speed needs to be known.
  if (!next || alone || waiting.length === plenty) return next?.id ?? null;
  const least = leastShare(request.hostsAtOnce);
  const { mine, others } = await sharers(scope, trx, request, next.claimedBy);
  const alike = waiting.filter(({ claimedBy }) => claimedBy.join() === next.claimedBy.join());
  const total = alike.reduce((sum, slice) => sum + slice.addresses, 0);
  const again = next.attempt > 0;
  const share = sliceShare({ waiting: total, mine, others, least: again ? next.addresses : least });
  if (share === null) return null;
  if (!again && next.addresses >= share + least) await cutSlice(scope, trx, request, next, BigInt(share));
  return next.id;
}

/** Those that the appliance may take, the ones that it has a way of its own to first. */
async function waitingSlices(
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  { scanId, onlineSince }: PortionRequest,
  limit: number,
): Promise<readonly WaitingSlice[]> {
  const rows = await trx
    .selectFrom('slice')
    .select(['id', 'attempt', 'blocks', sql<number[]>`to_json(claimed_by)`.as('claimedBy')])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('state', '=', 'pending')
    .where(mayTake(scope, onlineSince))
    .orderBy(sql`${scope.applianceId} = any(claimed_by)`, 'desc')
    .orderBy('number')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, attempt, blocks, claimedBy }) => {
    const ranges = blocksSet(storedBlocks.parse(blocks));
    return { id, attempt, ranges, claimedBy, addresses: Number(countAddresses(ranges)) };
  });
}

/**
 * What others have a VLAN or route to, and this one has not, is left to them while one of them is online and serves the network: a host that cannot be reached looks
 * like one that is not there. A machine whose network its operator manages may have ways that the platform does not know, and takes everything.
 */
function mayTake({ subscriptionId, applianceId }: ApplianceScope, onlineSince: Date): RawBuilder<SqlBool> {
  return sql<SqlBool>`(claimed_by = '{}' or ${applianceId} = any(claimed_by)
    or exists (select 1 from appliance me where me.subscription_id = ${subscriptionId} and me.id = ${applianceId} and me.kind = 'process')
    or not exists (select 1 from appliance other
      join scan on scan.subscription_id = other.subscription_id and scan.id = slice.scan_id
      join appliance_network an on an.subscription_id = other.subscription_id and an.appliance_id = other.id and an.network_id = scan.network_id
      where other.subscription_id = ${subscriptionId} and other.id = any(claimed_by)
        and other.state = 'active' and other.last_contact > ${onlineSince}))`;
}

/** The appliances that share the job, or the part of it that `claimedBy` have a way to, with their speed in it. */
async function sharers(
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  request: PortionRequest,
  claimedBy: readonly number[],
): Promise<{ readonly mine: number | null; readonly others: readonly Sharer[] }> {
  const { scanId, now, onlineSince } = request;
  const { rows } = await sql<{ id: number; since: Date | null; working: boolean }>`
    with record as (
      select l.appliance_id, min(l.granted_at) as since,
        bool_or(slice.state = 'leased' and slice.lease_id = l.lease_id and slice.expires_at > ${now}) as working
      from slice join slice_lease l on l.subscription_id = slice.subscription_id and l.slice_id = slice.id
      where slice.subscription_id = ${scope.subscriptionId} and slice.scan_id = ${scanId} group by l.appliance_id)
    select a.id, record.since, coalesce(record.working, false) as working
    from scan
    join appliance_network an on an.subscription_id = scan.subscription_id and an.network_id = scan.network_id
    join appliance a on a.subscription_id = scan.subscription_id and a.id = an.appliance_id
    left join record on record.appliance_id = a.id
    where scan.subscription_id = ${scope.subscriptionId} and scan.id = ${scanId} and a.state = 'active'
      and (a.id = ${scope.applianceId} or a.last_contact > ${onlineSince})
      and (not exists (select 1 from scan_appliance sa where sa.subscription_id = scan.subscription_id and sa.scan_id = scan.id)
        or exists (select 1 from scan_appliance sa where sa.subscription_id = scan.subscription_id and sa.scan_id = scan.id and sa.appliance_id = a.id))`.execute(
    trx,
  );
  const work = await workOf(scope, trx, scanId);
  const speedOf = ({ id, since }: { id: number; since: Date | null }) => {
    const record = work.get(id);
    return record && since ? measuredSpeed({ ...record, since: since.getTime() }, now.getTime()) : null;
  };
  const me = rows.find((row) => row.id === scope.applianceId);
  const others = rows.filter((row) => row !== me && (claimedBy.length === 0 || claimedBy.includes(row.id)));
  return {
    mine: me ? speedOf(me) : null,
    others: others.map((row) => ({ speed: speedOf(row), working: row.working })),
  };
}

/** By appliance. */
async function workOf(
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  scanId: number,
): Promise<ReadonlyMap<number, Omit<WorkRecord, 'since'>>> {
  const rows = await trx
    .selectFrom('slice')
    .select(['appliance_id', 'state', 'leased_at', 'blocks'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('state', 'in', ['done', 'leased'])
    .where('appliance_id', 'is not', null)
    .execute();
  const work = new Map<number, Omit<WorkRecord, 'since'>>();
  for (const { appliance_id: id, state, leased_at: leasedAt, blocks } of rows) {
    if (id === null) continue;
    const addresses = Number(countAddresses(blocksSet(storedBlocks.parse(blocks))));
    const { done, held, heldSince } = work.get(id) ?? { done: 0, held: 0, heldSince: null };
    if (state === 'done') work.set(id, { done: done + addresses, held, heldSince });
    else {
      const from = leasedAt?.getTime() ?? heldSince;
      const oldest = from !== null && heldSince !== null ? Math.min(from, heldSince) : from;
      work.set(id, { done, held: held + addresses, heldSince: oldest });
    }
  }
  return work;
}

/** Leaves the first `count` addresses in the slice and puts the others into a new one, with the units of their discovery. */
async function cutSlice(
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  request: PortionRequest,
  slice: WaitingSlice,
  count: bigint,
): Promise<void> {
  const cut = cutBlocks(slice.ranges, count);
  if (!cut || cut.head.length === 0 || cut.rest.length === 0) return;
  const { subscriptionId } = scope;
  const head = JSON.stringify(cut.head.map(formatRange));
  const rest = JSON.stringify(cut.rest.map(formatRange));
  await sql`delete from unit where subscription_id = ${subscriptionId} and slice_id = ${slice.id}`.execute(trx);
  await sql`update slice set blocks = ${head}::jsonb where subscription_id = ${subscriptionId} and id = ${slice.id}`.execute(
    trx,
  );
  // The same number: what is left of a slice comes before the slices behind it.
  const { rows } = await sql<{ id: number }>`
    insert into slice (subscription_id, scan_id, number, blocks, state, claimed_by)
    select subscription_id, scan_id, number, ${rest}::jsonb, 'pending', claimed_by from slice
    where subscription_id = ${subscriptionId} and id = ${slice.id} returning id`.execute(trx);
  const ids = [slice.id, ...rows.map((row) => row.id)];
  await sql`
    insert into unit (subscription_id, scan_id, phase, subject, slice_id, state, updated_at)
    select subscription_id, scan_id, 'discovery', block, id, 'pending', ${request.now}
    from slice, jsonb_array_elements_text(blocks) as block
    where subscription_id = ${subscriptionId} and id in (${sql.join(ids)})`.execute(trx);
}
