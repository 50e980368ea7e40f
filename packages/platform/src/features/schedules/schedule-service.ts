import {
  recurrence,
  type Schedule,
  type schedulePreview,
  type schedulePreviewRequest,
  type ScheduleRequest,
  type ScheduleRun,
} from '@picket/contracts/api/schedule';
import { describeSchedule } from '@picket/plan/schedule/describe-schedule';
import { nextRun, nextRuns } from '@picket/plan/schedule/next-runs';
import type { Schedule as Times } from '@picket/plan/schedule/recurrence';
import { exportRrule } from '@picket/plan/schedule/rrule-export';
import { importRrule } from '@picket/plan/schedule/rrule-import';
import { scheduleFaults } from '@picket/plan/schedule/schedule-faults';
import { formatWall } from '@picket/plan/schedule/civil';
import { isZone, wallAt } from '@picket/plan/schedule/zone';
import type { z } from 'zod';
import { withOptionProfile } from '../../jobs/option-profiles.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { type FieldFault, notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { claimRun, countRuns, listRuns } from './run-queries.ts';
import * as queries from './schedule-queries.ts';
import { launchRun, type SchedulerDeps } from './scheduler.ts';

interface Page {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export async function schedulePage(context: PlatformContext, scope: AccessScope, page: Page) {
  const { db } = context.database;
  const after = Number(decodeCursor('schedule', 1, page.cursor)?.[0] ?? 0);
  const rows = await queries.listSchedules(scope, db, { after, limit: page.limit + 1 });
  const shownRows: { readonly id: number; readonly item: Schedule }[] = [];
  for (const row of rows) shownRows.push({ id: row.id, item: await shown(context, scope, row) });
  return pageOf(shownRows, page.limit, await queries.countSchedules(scope, db), {
    item: ({ item }) => item,
    cursor: ({ id }) => encodeCursor('schedule', [id]),
  });
}

async function shown(context: PlatformContext, scope: AccessScope, row: queries.StoredSchedule): Promise<Schedule> {
  const { ownerAccount: _, ownerLogin, nextAt, ...rest } = row;
  const [lastRun = null] = await listRuns(scope, context.database.db, row.id, { before: null, limit: 1 });
  return {
    ...rest,
    owner: ownerLogin,
    description: describeSchedule(row),
    nextAt: row.enabled && nextAt !== null ? new Date(nextAt).toISOString() : null,
    lastRun,
  };
}

async function required(context: PlatformContext, scope: AccessScope, id: number): Promise<queries.StoredSchedule> {
  const found = await queries.findSchedule(scope, context.database.db, id);
  if (!found) throw notFound('schedule', id);
  return found;
}

export async function readSchedule(context: PlatformContext, scope: AccessScope, id: number): Promise<Schedule> {
  return shown(context, scope, await required(context, scope, id));
}

/** Makes a schedule (`id` null) or replaces one whole. Times that passed before are not made up. */
export async function saveSchedule(
  context: PlatformContext,
  scope: AccessScope,
  target: { readonly id: number | null; readonly address: string },
  request: ScheduleRequest,
): Promise<Schedule> {
  refuseFaults(scheduleFaults(request));
  await refuseOptions(context, scope, request);
  if (target.id !== null) await required(context, scope, target.id);
  const now = context.clock.now();
  const nextAt =
    nextRun(request, now) ?? (target.id === null && request.recurrence.kind === 'after-finish' ? now : null);
  if (nextAt === null && request.enabled && request.recurrence.kind !== 'after-finish')
    refuseFaults([{ field: 'start', message: 'All its times are past: it would never run again.' }]);
  const times = { nextAt, now: new Date(now) };
  const id = await context.database.transaction(async (trx) => {
    const saved = target.id ?? (await queries.insertSchedule(scope, trx, request, times));
    if (target.id !== null) await queries.updateSchedule(scope, trx, saved, request, times);
    await recordAudit(scope, trx, {
      action: target.id === null ? 'schedule.create' : 'schedule.update',
      subject: `schedule:${saved}`,
      detail: {
        name: request.name,
        when: describeSchedule(request),
        enabled: request.enabled,
        network: request.scan.networkId,
      },
      address: target.address,
    });
    return saved;
  });
  return readSchedule(context, scope, id);
}

/** Options that the caller may not use now are refused when the schedule is saved, not first when it runs. */
async function refuseOptions(context: PlatformContext, scope: AccessScope, { scan }: ScheduleRequest): Promise<void> {
  const { request, faults } = await withOptionProfile(scope, context.database.db, scan);
  refuseFaults(faults.map((fault) => ({ ...fault, field: `scan.${fault.field}` })));
  if (request.intrusive && scope.role !== 'manager')
    refuseFaults([{ field: 'scan.intrusive', message: 'Only a Manager may run checks that can disturb a service.' }]);
}

function refuseFaults(faults: readonly FieldFault[]): void {
  if (faults.length === 0) return;
  throw refuse({
    status: 400,
    code: 'schedule.invalid',
    message: `The schedule has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ${faults[0]?.message ?? ''}`,
    hint: 'Mend what is named and save it again. Nothing was changed.',
    errors: faults,
  });
}

export async function removeSchedule(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  const found = await required(context, scope, id);
  await context.database.transaction(async (trx) => {
    await queries.deleteSchedule(scope, trx, id);
    await recordAudit(scope, trx, {
      action: 'schedule.delete',
      subject: `schedule:${id}`,
      detail: { name: found.name },
      address,
    });
  });
}

/** One run beside the calendar, now, with the owner's rights: what the next runs would do, too. */
export async function runNow(
  deps: SchedulerDeps,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<ScheduleRun> {
  const { context } = deps;
  const found = await required(context, scope, id);
  const dueAt = context.clock.now();
  await context.database.transaction(async (trx) => {
    const run = { scheduleId: id, dueAt, now: new Date(dueAt), outcome: 'starting' as const, manual: true };
    await claimRun(scope, trx, run);
    await recordAudit(scope, trx, {
      action: 'schedule.run',
      subject: `schedule:${id}`,
      detail: { name: found.name },
      address,
    });
  });
  await launchRun(deps, found, dueAt);
  const [run] = await listRuns(scope, context.database.db, id, { before: new Date(dueAt + 1), limit: 1 });
  if (!run) throw notFound('schedule', id);
  return run;
}

export async function runPage(context: PlatformContext, scope: AccessScope, id: number, page: Page) {
  await required(context, scope, id);
  const { db } = context.database;
  const cursor = decodeCursor('schedule-run', 1, page.cursor);
  const before = cursor === null ? null : new Date(Number(cursor[0]));
  const rows = await listRuns(scope, db, id, { before, limit: page.limit + 1 });
  return pageOf(rows, page.limit, await countRuns(scope, db, id), {
    item: (row) => row,
    cursor: (row) => encodeCursor('schedule-run', [Date.parse(row.dueAt)]),
  });
}

/** What a schedule would do: its next ten runs, in words, and as an RRULE. */
export function previewSchedule(
  context: PlatformContext,
  request: z.output<typeof schedulePreviewRequest>,
): z.output<typeof schedulePreview> {
  const now = context.clock.now();
  const times = timesOf(request, now);
  const faults = scheduleFaults(times);
  const [fault] = faults;
  if (fault) throw previewRefusal(fault.message, faults);
  const rrule = exportRrule(times);
  return {
    zone: times.zone,
    recurrence: recurrence.parse(times.recurrence),
    description: describeSchedule(times),
    rrule: rrule.ok ? rrule.value : null,
    runs: nextRuns(times, now, 10).map((at) => new Date(at).toISOString()),
  };
}

function timesOf(request: z.output<typeof schedulePreviewRequest>, now: number): Times {
  const { zone, rrule } = request;
  if (rrule !== undefined) {
    const start = request.start ?? formatWall(isZone(zone) ? wallAt(zone, now) : now);
    const imported = importRrule(rrule, { zone, start });
    if (!imported.ok) throw previewRefusal(imported.error, [{ field: 'rrule', message: imported.error }]);
    return imported.value;
  }
  if (request.recurrence === undefined) throw previewRefusal('Give a recurrence or an RRULE.', []);
  return { zone, recurrence: request.recurrence };
}

function previewRefusal(message: string, errors: readonly FieldFault[]) {
  return refuse({
    status: 400,
    code: 'schedule.invalid',
    message,
    hint: 'Mend what is named and try again.',
    errors,
  });
}
