import { formatIp, formatRange, type IpRange } from '@picket/base/ip';
import { countAddresses, intersect, type RangeSet, rangeSet, subtract } from '@picket/base/range-set';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/database.ts';
import type { Schema } from '../storage/schema.ts';
import { announce, type WakeTopic } from './channels.ts';
import { clearBlocks, type ClearedBlock } from './domain/clear-blocks.ts';
import { exclusionsOfScan } from './exclusion-sources.ts';
import { giveBack } from './give-back.ts';
import { exclusionNote, type LockedScan, lockScan, settleScan, type TenantScope } from './settle-scan.ts';
import { blocksSet, storedBlocks, storedPlan } from './stored-plan.ts';

/** Of a stored request: the groups whose exclusions hold. */
const takenGroups = z.object({ assetGroupIds: z.array(z.number()).default([]) });

/**
 * Takes what was excluded since the launch out of a locked job: out of slices that wait, and out of those that are held, whose leases
 * end. From then on it stays out, also when the exclusion is lifted. True when something was taken out.
 */
export async function applyExclusions(
  database: Database,
  scope: TenantScope,
  trx: Kysely<Schema>,
  scan: LockedScan,
  now: Date,
): Promise<boolean> {
  const { request, plan: planJson } = await trx
    .selectFrom('scan')
    .select(['request', 'plan'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scan.id)
    .executeTakeFirstOrThrow();
  const plan = storedPlan.parse(planJson);
  const place = { networkId: scan.networkId, ...takenGroups.parse(request) };
  const current = await exclusionsOfScan(scope, trx, scan.id, place);
  const known = blocksSet(plan.exclusions);
  const fresh = subtract(intersect(current, blocksSet(plan.ranges)), known);
  if (fresh.length === 0) return false;
  const exclusions = rangeSet([...known, ...fresh]).map(formatRange);
  await trx
    .updateTable('scan')
    .set({ plan: JSON.stringify({ ...plan, exclusions }) })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scan.id)
    .execute();
  const wake = await clearSlices(scope, trx, scan, { fresh, now });
  await writeNote(scope, trx, scan, { fresh, now });
  await announce(database, trx, { scans: [scan.id], wake });
  return true;
}

/**
 * Changes what is excluded, and takes it out of every job that has not ended, in one transaction: `write` changes, after all jobs are
 * locked (always the first locks, in the order of their ids). A job that was launched beside it is looked at afterwards.
 */
export async function changeExclusions<T>(
  database: Database,
  scope: TenantScope,
  now: Date,
  write: (trx: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  const written = await database.transaction(async (trx) => {
    const open = await lockOpenScans(scope, trx);
    const result = await write(trx);
    await applyToEach(database, scope, trx, open, now);
    return result;
  });
  await database.transaction(async (trx) => applyToEach(database, scope, trx, await lockOpenScans(scope, trx), now));
  return written;
}

const openStatuses = ['queued', 'running', 'pausing', 'paused'] as const;

async function lockOpenScans(scope: TenantScope, trx: Kysely<Schema>): Promise<readonly LockedScan[]> {
  const rows = await trx
    .selectFrom('scan')
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('status', 'in', [...openStatuses])
    .orderBy('id')
    .execute();
  const locked: LockedScan[] = [];
  for (const { id } of rows) {
    const scan = await lockScan(scope, trx, id);
    if (scan && openStatuses.some((status) => status === scan.status)) locked.push(scan);
  }
  return locked;
}

async function applyToEach(
  database: Database,
  scope: TenantScope,
  trx: Kysely<Schema>,
  scans: readonly LockedScan[],
  now: Date,
): Promise<void> {
  for (const scan of scans)
    if (await applyExclusions(database, scope, trx, scan, now)) await settleScan(database, scope, trx, scan, now);
}

interface Change {
  readonly fresh: RangeSet;
  readonly now: Date;
}

/** The appliances that have to hear. */
async function clearSlices(
  scope: TenantScope,
  trx: Kysely<Schema>,
  scan: LockedScan,
  change: Change,
): Promise<readonly WakeTopic[]> {
  const open = await trx
    .selectFrom('slice')
    .select(['id', 'blocks', 'lease_id', 'appliance_id', 'state'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scan.id)
    .where('state', 'in', ['pending', 'leased'])
    .orderBy('id')
    .execute();
  const wake = new Set<WakeTopic>();
  for (const slice of open) {
    const { blocks, cleared } = clearBlocks(storedBlocks.parse(slice.blocks), change.fresh);
    if (cleared.length === 0) continue;
    if (slice.state === 'leased' && slice.lease_id !== null) {
      await giveBack(scope, trx, { sliceId: slice.id, leaseId: slice.lease_id }, change.now);
      wake.add(`network:${scan.networkId}`);
      if (slice.appliance_id !== null) wake.add(`appliance:${slice.appliance_id}`);
    }
    await rewriteSlice(scope, trx, { scanId: scan.id, sliceId: slice.id, blocks, cleared }, change);
  }
  return [...wake];
}

async function rewriteSlice(
  scope: TenantScope,
  trx: Kysely<Schema>,
  slice: {
    readonly scanId: number;
    readonly sliceId: number;
    readonly blocks: readonly string[];
    readonly cleared: readonly ClearedBlock[];
  },
  { fresh, now }: Change,
): Promise<void> {
  const { subscriptionId } = scope;
  const empty = slice.blocks.length === 0;
  await sql`
    update slice set blocks = ${JSON.stringify(slice.blocks)}::jsonb,
      state = case when ${empty}::boolean then 'cancelled' else state end,
      outcome = case when ${empty}::boolean then 'stopped' else outcome end,
      reason = case when ${empty}::boolean then 'excluded' else reason end
    where subscription_id = ${subscriptionId} and id = ${slice.sliceId}`.execute(trx);
  const parts = slice.cleared.flatMap(({ block, parts: left }) => left.map((part) => ({ block, part })));
  const gone = JSON.stringify(slice.cleared.map((one) => one.block));
  // What was evaluated of a block stays so for the addresses that are left of it.
  await sql`
    with gone as (
      delete from unit where subscription_id = ${subscriptionId} and scan_id = ${slice.scanId} and phase = 'discovery'
        and subject in (select json_array_elements_text(${gone}::json)) returning subject, state, reason, detail)
    insert into unit (subscription_id, scan_id, phase, subject, slice_id, state, reason, detail, updated_at)
    select ${subscriptionId}, ${slice.scanId}, 'discovery', given.part, ${slice.sliceId}, gone.state, gone.reason, gone.detail, ${now}
    from json_to_recordset(${JSON.stringify(parts)}::json) as given (block text, part text)
    join gone on gone.subject = given.block`.execute(trx);
  await sql`
    delete from unit using json_to_recordset(${JSON.stringify(fresh.map(ends))}::json) as given (first text, last text)
    where unit.subscription_id = ${subscriptionId} and unit.slice_id = ${slice.sliceId}
      and unit.address between given.first::inet and given.last::inet
      and unit.state in ('pending', 'leased', 'running', 'cancelled')`.execute(trx);
}

function ends({ family, first, last }: IpRange) {
  return { first: formatIp({ family, bits: first }), last: formatIp({ family, bits: last }) };
}

/** Tells those who read the job why it is smaller than planned. Notes of the platform have no slice. */
async function writeNote(scope: TenantScope, trx: Kysely<Schema>, scan: LockedScan, { fresh, now }: Change) {
  const count = countAddresses(fresh);
  const message = `${count === 1n ? 'One address was' : `${count} addresses were`} excluded after the launch: not scanned from here on.`;
  await sql`
    insert into scan_note (subscription_id, scan_id, slice_id, seq, at, level, code, message)
    select ${scope.subscriptionId}, ${scan.id}, 0, coalesce(max(seq), 0) + 1, ${now}, 'info', ${exclusionNote}, ${message}
    from scan_note where subscription_id = ${scope.subscriptionId} and scan_id = ${scan.id} and slice_id = 0`.execute(
    trx,
  );
}
