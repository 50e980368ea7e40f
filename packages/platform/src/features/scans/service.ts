import { isoTime } from '@picket/base/clock';
import {
  scanDetail,
  type ScanDetail,
  type ScanRequest,
  scanRequest,
  type ScanSummary,
} from '@picket/contracts/api/scan';
import { notEvaluableReason, statsEvent } from '@picket/contracts/event';
import { phase } from '@picket/contracts/primitive';
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { announce } from '../../jobs/channels.ts';
import { afterAllowedTime } from '../../jobs/domain/scan-hours.ts';
import { isEnded, possibleActions, type ScanAction } from '../../jobs/domain/scan-state.ts';
import { scanSummaries } from '../../jobs/scan-summary.ts';
import { type LockedScan, lockScan, moveScan, settleScan, wakeHolders } from '../../jobs/settle-scan.ts';
import { storedPlan } from '../../jobs/stored-plan.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor } from '../../server/page-cursor.ts';
import { planScan, type ScanDeps, shownPlan } from './planning.ts';
import type { Schema } from '../../storage/schema.ts';
import {
  deleteScan,
  insertScan,
  type ListQuery,
  listScanIds,
  noteRows,
  notEvaluableRows,
  readScanRow,
  sentRows,
  sliceRows,
} from './queries.ts';

/** How long a job may take from its launch. */
const deadlineMs = 86_400_000;
/** How long one that waits for windows may: as long in all within its windows. */
const longestMs = 60 * 86_400_000;

/** Plans and starts a job: in one transaction, or not at all. */
export async function launchScan(
  deps: ScanDeps,
  scope: AccessScope,
  request: ScanRequest,
  from: { address: string; signal: AbortSignal },
): Promise<ScanSummary> {
  const { context } = deps;
  const ready = await planScan(deps, scope, request, from.signal);
  const id = await context.database.transaction(async (trx) => {
    const now = context.clock.now();
    const deadline = new Date(afterAllowedTime(ready.windows, now, { spentMs: deadlineMs, longestMs }));
    const scanId = await insertScan(scope, trx, ready, { now: new Date(now), deadline });
    const detail = {
      kind: request.kind,
      network: request.networkId,
      addresses: ready.stored.estimate.addresses,
      intrusive: request.intrusive,
    };
    await recordAudit(scope, trx, { action: 'scan.launch', subject: `scan:${scanId}`, detail, address: from.address });
    await announce(context.database, trx, { scans: [scanId], wake: [`network:${request.networkId}`] });
    return scanId;
  });
  return readSummary(context, scope, id);
}

export async function readSummary(context: PlatformContext, scope: AccessScope, id: number): Promise<ScanSummary> {
  const [summary] = await scanSummaries(scope, context.database.db, [id], context.clock.now());
  if (!summary) throw notFound('scan', id);
  return summary;
}

export async function scanPage(context: PlatformContext, scope: AccessScope, query: ListQuery) {
  const cursor = decodeCursor('scan-id', 1, query.cursor);
  const before = cursor === null ? null : Number(cursor[0]);
  const { ids, total } = await listScanIds(scope, context.database.db, query, before);
  const shown = ids.slice(0, query.limit);
  const items = await scanSummaries(scope, context.database.db, shown, context.clock.now());
  const last = shown.at(-1);
  const nextCursor = ids.length > query.limit && last !== undefined ? encodeCursor('scan-id', [last]) : null;
  return { items: [...items], nextCursor, total };
}

/** Pauses, resumes or cancels; a transition that is impossible says which are possible. */
export async function actOnScan(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  action: ScanAction,
  address: string,
): Promise<ScanSummary> {
  const { database, clock } = context;
  await database.transaction(async (trx) => {
    const scan = await lockSeen(scope, trx, id);
    const now = new Date(clock.now());
    const moved = await moveScan(scope, trx, scan, action, { now });
    if (!moved) throw impossible(id, scan.status, action);
    await recordAudit(scope, trx, { action: `scan.${action}`, subject: `scan:${id}`, address });
    await settleScan(database, scope, trx, moved, now);
    await wakeHolders(database, scope, trx, id);
    if (action === 'resume') await announce(database, trx, { wake: [`network:${scan.networkId}`] });
  });
  return readSummary(context, scope, id);
}

async function lockSeen(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<LockedScan> {
  const scan = (await readScanRow(scope, trx, id)) && (await lockScan(scope, trx, id));
  if (!scan) throw notFound('scan', id);
  return scan;
}

function impossible(id: number, status: ScanSummary['status'], action: string) {
  const possible = possibleActions(status);
  const list = possible.length === 0 ? 'nothing until it has ended' : possible.join(', ');
  return refuse({
    status: 409,
    code: 'scan.transition-impossible',
    message: `Job ${id} is ${status}: it can't ${action} now. Possible: ${list}.`,
    hint: 'Reload the job to see its newest state.',
  });
}

/** Removes an ended job. Assets, services and detections that it found stay. */
export async function removeScan(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  await context.database.transaction(async (trx) => {
    const scan = await lockSeen(scope, trx, id);
    if (!isEnded(scan.status)) throw impossible(id, scan.status, 'delete');
    await deleteScan(scope, trx, id);
    await recordAudit(scope, trx, { action: 'scan.delete', subject: `scan:${id}`, address });
    await announce(context.database, trx, { scans: [id] });
  });
}

/** Everything about a job. */
export async function readDetail(context: PlatformContext, scope: AccessScope, id: number): Promise<ScanDetail> {
  const { db } = context.database;
  const row = await readScanRow(scope, db, id);
  if (!row) throw notFound('scan', id);
  const summary = await readSummary(context, scope, id);
  const slices = await sliceRows(scope, db, id);
  const notEvaluable = await notEvaluableRows(scope, db, id);
  const notes = await noteRows(scope, db, id);
  return {
    ...summary,
    request: scanRequest.parse(row.request),
    plan: shownPlan(storedPlan.parse(row.plan)),
    appliances: appliancesOf(slices),
    slices: sliceTotals(slices),
    sent: sentTotals(await sentRows(scope, db, id)),
    notEvaluable: notEvaluable.map((one) => ({
      phase: phase.parse(one.phase),
      reason: notEvaluableReason.catch('internal-error').parse(one.reason),
      units: one.units,
    })),
    notes: scanDetail.shape.notes.parse(notes.map((note) => ({ ...note, at: isoTime(note.at.getTime()) }))),
  };
}

type SliceRows = Awaited<ReturnType<typeof sliceRows>>;

function appliancesOf(rows: SliceRows): ScanDetail['appliances'] {
  const byId = new Map<number, ScanDetail['appliances'][number]>();
  for (const row of rows) {
    if (row.appliance_id === null || row.name === null) continue;
    const known = byId.get(row.appliance_id);
    const state = row.state === 'leased' || known?.state === 'working' ? 'working' : 'done';
    byId.set(row.appliance_id, {
      id: row.appliance_id,
      name: row.name,
      slices: (known?.slices ?? 0) + row.slices,
      state,
    });
  }
  return [...byId.values()];
}

function sliceTotals(rows: SliceRows): ScanDetail['slices'] {
  const totals = { pending: 0, leased: 0, done: 0, cancelled: 0 };
  for (const row of rows) totals[row.state] += row.slices;
  return totals;
}

const figures = statsEvent.partial();

/** Figures are cumulative within a lease, so that leases add up; the rate is that of leases that still report. */
function sentTotals(rows: readonly unknown[]): ScanDetail['sent'] {
  const leases = rows.flatMap((row): z.output<typeof figures>[] => {
    const parsed = figures.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
  const sum = (read: (lease: z.output<typeof figures>) => number | undefined) =>
    leases.reduce((total, lease) => total + (read(lease) ?? 0), 0);
  const busiest = leases.flatMap((lease) => lease.busiestHost ?? []).sort((a, b) => b.packets - a.packets)[0];
  return {
    packets: sum((lease) => lease.packetsSent),
    connections: sum((lease) => lease.connections),
    answers: sum((lease) => lease.answers),
    timeouts: sum((lease) => lease.timeouts),
    rate: sum((lease) => lease.rate),
    peakRate: Math.max(0, ...leases.map((lease) => lease.peakRate ?? 0)),
    busiestHost: busiest ?? null,
  };
}
