import { formatIp, parseIp, type IpRange, parseRange } from '@picket/base/ip';
import { type RangeSet, rangeSet } from '@picket/base/range-set';
import type { listScansQuery } from '@picket/contracts/api/scan';
import { formatRange } from '@picket/base/ip';
import type { ClaimedSlice } from '@picket/plan/claims';
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import { seen, underSeen } from '../../server/access/seen.ts';
import { seenRanges } from '../../server/access/sight.ts';
import type { AccessScope } from '../../server/context.ts';
import { countLimit } from '../../server/page-cursor.ts';
import type { Schema } from '../../storage/schema.ts';
import type { ReadyPlan } from './planning.ts';

export interface NetworkLimitsRow {
  readonly name: string;
  readonly ranges: RangeSet;
  /** What of it the caller sees; null: all. */
  readonly visible: RangeSet | null;
  readonly authorized: boolean;
}

/** The address space of a network, or null. */
export async function networkLimits(
  scope: AccessScope,
  db: Kysely<Schema>,
  networkId: number,
): Promise<NetworkLimitsRow | null> {
  const network = await db
    .selectFrom(seen(scope, 'network'))
    .select(['name', 'authorization_at'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', networkId)
    .executeTakeFirst();
  if (!network) return null;
  const rows = await db
    .selectFrom(seen(scope, 'network_range'))
    .select(['first_address', 'last_address'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('network_id', '=', networkId)
    .where('kind', '=', 'range')
    .execute();
  const visible = seenRanges(scope, networkId);
  return {
    name: network.name,
    visible,
    ranges: rangeSet(rows.flatMap(rangeOf)),
    authorized: network.authorization_at !== null,
  };
}

function rangeOf(row: { first_address: string; last_address: string }): readonly IpRange[] {
  const first = parseIp(row.first_address);
  const last = parseIp(row.last_address);
  if (!first.ok || !last.ok || first.value.family !== last.value.family) return [];
  return [{ family: first.value.family, first: first.value.bits, last: last.value.bits }];
}

/** Writes a job with its slices and discovery units; all of it or nothing. */
export async function insertScan(
  scope: AccessScope,
  trx: Kysely<Schema>,
  ready: ReadyPlan,
  times: { readonly now: Date; readonly deadline: Date },
): Promise<number> {
  const { request, stored } = ready;
  const { id } = await trx
    .insertInto('scan')
    .values({
      subscription_id: scope.subscriptionId,
      kind: request.kind,
      title: request.title === '' ? defaultTitle(ready) : request.title,
      status: 'queued',
      network_id: request.networkId,
      request: JSON.stringify(request),
      plan: JSON.stringify(stored),
      intrusive: request.intrusive,
      created_by: scope.login,
      created_at: times.now,
      deadline: times.deadline,
      run_limit_minutes: request.runLimit === undefined ? null : request.runLimit.hours * 60,
      run_limit_action: request.runLimit?.action ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const applianceId of new Set(ready.applianceIds)) {
    await trx
      .insertInto('scan_appliance')
      .values({ subscription_id: scope.subscriptionId, scan_id: id, appliance_id: applianceId })
      .execute();
  }
  for (const windowId of new Set(request.windowIds)) {
    await trx
      .insertInto('scan_window')
      .values({ subscription_id: scope.subscriptionId, scan_id: id, window_id: windowId })
      .execute();
  }
  await insertRanges(scope, trx, id, stored.ranges);
  await insertSlices(scope, trx, id, ready.slices, times.now);
  return id;
}

/** What the job is seen by: the merged ranges of its plan. */
async function insertRanges(
  scope: AccessScope,
  trx: Kysely<Schema>,
  scanId: number,
  ranges: readonly string[],
): Promise<void> {
  const rows = rangeSet(
    ranges.flatMap((text) => {
      const range = parseRange(text);
      return range.ok ? [range.value] : [];
    }),
  ).map((range) => ({
    first: formatIp({ family: range.family, bits: range.first }),
    last: formatIp({ family: range.family, bits: range.last }),
  }));
  await sql`
    insert into scan_range (subscription_id, scan_id, first_address, last_address)
    select ${scope.subscriptionId}, ${scanId}, first::inet, last::inet
    from json_to_recordset(${JSON.stringify(rows)}::json) as given (first text, last text)`.execute(trx);
}

async function insertSlices(
  scope: AccessScope,
  trx: Kysely<Schema>,
  scanId: number,
  cut: readonly ClaimedSlice[],
  now: Date,
): Promise<void> {
  const rows = cut.map(({ number, blocks, claimedBy }) => ({ number, blocks: blocks.map(formatRange), claimedBy }));
  await sql`
    insert into slice (subscription_id, scan_id, number, blocks, state, claimed_by)
    select ${scope.subscriptionId}, ${scanId}, number, blocks, 'pending', "claimedBy"
    from json_to_recordset(${JSON.stringify(rows)}::json) as given (number integer, blocks jsonb, "claimedBy" bigint[])`.execute(
    trx,
  );
  await sql`
    insert into unit (subscription_id, scan_id, phase, subject, slice_id, state, updated_at)
    select subscription_id, scan_id, 'discovery', block, id, 'pending', ${now}
    from ${underSeen('slice')}, jsonb_array_elements_text(blocks) as block
    where subscription_id = ${scope.subscriptionId} and scan_id = ${scanId}`.execute(trx);
}

function defaultTitle({ request, networkName }: ReadyPlan): string {
  const kind = request.kind === 'map' ? 'Map' : 'Scan';
  const targets = request.targets.replaceAll(/\s+/g, ' ').trim();
  return `${kind} of ${targets === '' || targets.length > 60 ? networkName : targets}`.slice(0, 128);
}

/** The job saw the asset's address up, in the asset's network. One look into the index of facts for each job. */
function sawAsset(scope: AccessScope, assetId: number) {
  return sql<boolean>`exists (
    select 1 from ${seen(scope, 'asset')}
    join ${underSeen('scan_fact')} on scan_fact.subscription_id = asset.subscription_id and scan_fact.scan_id = scan.id
      and scan_fact.address = asset.address and scan_fact.type = 'host' and scan_fact.event ->> 'state' = 'up'
    where asset.subscription_id = scan.subscription_id and asset.network_id = scan.network_id and asset.id = ${assetId})`;
}

export type ListQuery = z.output<typeof listScansQuery>;

/** Ids of a page of jobs, newest first, and how many there are. */
export async function listScanIds(
  scope: AccessScope,
  db: Kysely<Schema>,
  query: ListQuery,
  before: number | null,
): Promise<{ ids: readonly number[]; total: number }> {
  const filtered = db
    .selectFrom(seen(scope, 'scan'))
    .where('subscription_id', '=', scope.subscriptionId)
    .$if(query.kind !== undefined, (q) => q.where('kind', '=', query.kind ?? 'scan'))
    .$if(query.status !== undefined, (q) => q.where('status', '=', query.status ?? 'queued'))
    .$if(query.networkId !== undefined, (q) => q.where('network_id', '=', query.networkId ?? 0))
    .$if(query.assetId !== undefined, (q) => q.where(sawAsset(scope, query.assetId ?? 0)));
  const rows = await filtered
    .select('id')
    .$if(before !== null, (q) => q.where('id', '<', before ?? 0))
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  const counted = await db
    .selectFrom(filtered.select('id').limit(countLimit).as('counted'))
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { ids: rows.map((row) => row.id), total: counted.total };
}

export async function readScanRow(scope: AccessScope, db: Kysely<Schema>, id: number) {
  return db
    .selectFrom(seen(scope, 'scan'))
    .select(['id', 'status', 'request', 'plan', 'network_id'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Slices by appliance and state. */
export async function sliceRows(scope: AccessScope, db: Kysely<Schema>, scanId: number) {
  return db
    .selectFrom(seen(scope, 'slice'))
    .leftJoin(seen(scope, 'appliance'), (join) =>
      join
        .onRef('appliance.subscription_id', '=', 'slice.subscription_id')
        .onRef('appliance.id', '=', 'slice.appliance_id'),
    )
    .select(['slice.state', 'slice.appliance_id', 'appliance.name', 'appliance.state as appliance_state'])
    .select(({ fn }) => fn.countAll<number>().as('slices'))
    .where('slice.subscription_id', '=', scope.subscriptionId)
    .where('slice.scan_id', '=', scanId)
    .groupBy(['slice.state', 'slice.appliance_id', 'appliance.name', 'appliance.state'])
    .orderBy('slice.appliance_id')
    .execute();
}

/** Sent figures of every lease of every slice. */
export async function sentRows(scope: AccessScope, db: Kysely<Schema>, scanId: number): Promise<readonly unknown[]> {
  const { rows } = await sql<{ figures: unknown }>`
    select figures.value as figures from ${seen(scope, 'slice')}, jsonb_each(slice.sent) as figures
    where slice.subscription_id = ${scope.subscriptionId} and slice.scan_id = ${scanId}`.execute(db);
  return rows.map((row) => row.figures);
}

export async function notEvaluableRows(scope: AccessScope, db: Kysely<Schema>, scanId: number) {
  return db
    .selectFrom(seen(scope, 'unit'))
    .select(['phase', 'reason'])
    .select(({ fn }) => fn.countAll<number>().as('units'))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('state', '=', 'not-evaluable')
    .groupBy(['phase', 'reason'])
    .orderBy('units', 'desc')
    .execute();
}

export async function noteRows(scope: AccessScope, db: Kysely<Schema>, scanId: number) {
  return db
    .selectFrom(seen(scope, 'scan_note'))
    .select(['at', 'level', 'code', 'message', 'address'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .orderBy('at', 'desc')
    .limit(200)
    .execute();
}

export async function deleteScan(scope: AccessScope, trx: Kysely<Schema>, scanId: number): Promise<void> {
  await trx.deleteFrom('scan').where('subscription_id', '=', scope.subscriptionId).where('id', '=', scanId).execute();
}
