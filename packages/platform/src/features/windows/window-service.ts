import { type TimeWindowItem, timeWindowRequest } from '@picket/contracts/api/time-window';
import { allowedStretch, isAllowedAt } from '@picket/plan/schedule/allowed-time';
import type { TimeWindow } from '@picket/plan/schedule/time-window';
import { windowFaults } from '@picket/plan/schedule/window-faults';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import * as queries from './window-queries.ts';

export async function windowPage(
  context: PlatformContext,
  scope: AccessScope,
  page: { cursor?: string | undefined; limit: number },
) {
  const { db } = context.database;
  const after = Number(decodeCursor('window', 1, page.cursor)?.[0] ?? 0);
  const rows = await queries.listWindows(scope, db, { after, limit: page.limit + 1 });
  return pageOf(rows, page.limit, await queries.countWindows(scope, db), {
    item: (row) => shown(row, context.clock.now()),
    cursor: (row) => encodeCursor('window', [row.id]),
  });
}

export async function readWindow(context: PlatformContext, scope: AccessScope, id: number): Promise<TimeWindowItem> {
  const [row] = await queries.listWindows(scope, context.database.db, { after: 0, limit: 1, id });
  if (!row) throw notFound('window', id);
  return shown(row, context.clock.now());
}

function shown(row: queries.WindowRow, now: number): TimeWindowItem {
  const { id, name, kind, zone, everywhere } = row;
  const { weekly, dates } = timeWindowRequest.shape;
  const times = { zone, weekly: weekly.parse(row.weekly), dates: dates.parse(row.dates) };
  const [inside, outside]: readonly TimeWindow[] = [
    { ...times, kind: 'allow' },
    { ...times, kind: 'blackout' },
  ];
  const covers = inside !== undefined && isAllowedAt([inside], now);
  const changes =
    inside && outside ? (covers ? allowedStretch([inside], now)?.to : allowedStretch([inside], now)?.from) : null;
  return {
    id,
    name,
    kind,
    everywhere,
    ...times,
    now: covers,
    changesAt: changes === null || changes === undefined ? null : new Date(changes).toISOString(),
    openJobs: row.open_jobs,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}

/** Makes a window (`id` null) or replaces one whole. What is scanned now hears of it at once. */
export async function saveWindow(
  context: PlatformContext,
  scope: AccessScope,
  target: { readonly id: number | null; readonly address: string },
  request: queries.WindowFields,
): Promise<TimeWindowItem> {
  refuseFaults(request);
  try {
    const id = await context.database.transaction(async (trx) => {
      const now = new Date(context.clock.now());
      const saved = target.id ?? (await queries.insertWindow(scope, trx, request, now));
      if (target.id !== null && !(await queries.updateWindow(scope, trx, saved, request, now)))
        throw notFound('window', saved);
      const { name, kind, zone, everywhere } = request;
      await recordAudit(scope, trx, {
        action: target.id === null ? 'window.create' : 'window.update',
        subject: `window:${saved}`,
        detail: { name, kind, zone, everywhere, weekly: request.weekly.length, dates: request.dates.length },
        address: target.address,
      });
      await tellHolders(context, scope, trx);
      return saved;
    });
    return await readWindow(context, scope, id);
  } catch (error) {
    if (!isUniqueViolation(error, 'time_window_name')) throw error;
    throw refuse({
      status: 409,
      code: 'window.name-taken',
      message: `There is a window "${request.name}" already.`,
      hint: 'Choose another name.',
      errors: [{ field: 'name', message: 'This name is taken.' }],
    });
  }
}

async function tellHolders(context: PlatformContext, scope: AccessScope, trx: Parameters<typeof queries.holders>[1]) {
  const wake = (await queries.holders(scope, trx)).map((id) => `appliance:${id}` as const);
  await announce(context.database, trx, { wake });
}

function refuseFaults(request: queries.WindowFields): void {
  const faults = [...windowFaults(request)];
  if (request.everywhere && request.kind === 'allow')
    faults.push({ field: 'everywhere', message: 'Only a blackout holds for every job.' });
  if (faults.length === 0) return;
  throw refuse({
    status: 400,
    code: 'window.invalid',
    message: `The window has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ${faults[0]?.message ?? ''}`,
    hint: 'Mend what is named and save it again. Nothing was changed.',
    errors: faults,
  });
}

export async function removeWindow(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  const window = await readWindow(context, scope, id);
  if (window.openJobs > 0) {
    throw refuse({
      status: 409,
      code: 'window.in-use',
      message: `${window.openJobs === 1 ? 'One job that has' : `${window.openJobs} jobs that have`} not ended keep to the window "${window.name}".`,
      hint: 'Wait for them or cancel them, then delete the window.',
    });
  }
  await context.database.transaction(async (trx) => {
    if (!(await queries.deleteWindow(scope, trx, id))) throw notFound('window', id);
    await recordAudit(scope, trx, {
      action: 'window.delete',
      subject: `window:${id}`,
      detail: { name: window.name },
      address,
    });
    await tellHolders(context, scope, trx);
  });
}
