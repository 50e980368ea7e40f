import { allowedStretch } from '@picket/plan/schedule/allowed-time';
import { type Kysely, sql } from 'kysely';
import { limitEndsAt } from '../../jobs/domain/scan-hours.ts';
import { boundsOfScans } from '../../jobs/scan-windows.ts';
import { lockScan, moveScan, settleScan, wakeHolders } from '../../jobs/settle-scan.ts';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import type { PlatformContext } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

interface OverdueRow {
  readonly id: number;
  readonly action: 'pause' | 'cancel';
  readonly minutes: number;
}

/** Pauses or cancels jobs that ran as long as they may at a stretch. Their leases ended by then, whoever could be reached. */
export async function endLongRuns(context: PlatformContext): Promise<void> {
  const { database } = context;
  const now = new Date(context.clock.now());
  for (const { id } of await overdue(context, database.db, now)) {
    await database.transaction(async (trx) => {
      const scan = await lockScan({ subscriptionId: context.subscriptionId }, trx, id);
      const [still] = await overdue(context, trx, now, id);
      const of = (await boundsOfScans({ subscriptionId: context.subscriptionId }, trx, [id])).get(id);
      const ends = of === undefined ? null : limitEndsAt(of, now.getTime());
      if (scan && still && ends !== null && ends <= now.getTime()) await endRun(context, trx, { scan, still, now });
    });
  }
}

/** By the clock on the wall: those of them whose windows shut meanwhile have begun a new stretch. */
async function overdue(
  context: PlatformContext,
  db: Kysely<Schema>,
  now: Date,
  id?: number,
): Promise<readonly OverdueRow[]> {
  const one = id === undefined ? sql`` : sql`and id = ${id}`;
  const { rows } = await sql<OverdueRow>`
    select id, run_limit_action as action, run_limit_minutes as minutes from scan
    where subscription_id = ${context.subscriptionId} and status in ('queued', 'running') ${one}
      and running_since + run_limit_minutes * interval '1 minute' <= ${now} and run_limit_action is not null`.execute(
    db,
  );
  return rows;
}

async function endRun(
  context: PlatformContext,
  trx: Kysely<Schema>,
  { scan, still, now }: { scan: NonNullable<Awaited<ReturnType<typeof lockScan>>>; still: OverdueRow; now: Date },
): Promise<void> {
  const { database, subscriptionId } = context;
  const scope = { subscriptionId };
  const hours = still.minutes / 60;
  const windows = (await boundsOfScans(scope, trx, [scan.id])).get(scan.id)?.windows ?? [];
  await trx
    .updateTable('scan')
    .set({ running_since: null, hold_until: nextOpening(windows, now.getTime()) })
    .where('subscription_id', '=', subscriptionId)
    .where('id', '=', scan.id)
    .execute();
  const rests = still.action === 'pause' && windows.some(({ kind }) => kind === 'allow');
  const reason = `It ran for ${hours} ${hours === 1 ? 'hour' : 'hours'}, the longest that it may at a stretch.`;
  if (!rests) {
    const way = still.action === 'pause' ? ' Resume it to go on.' : '';
    const moved = await moveScan(scope, trx, scan, still.action, { now, reason: `${reason}${way}` });
    if (moved) await settleScan(database, scope, trx, moved, now);
  }
  const action = rests ? 'scan.rest' : `scan.${still.action}`;
  await recordAudit({ ...scope, login: 'system' }, trx, { action, subject: `scan:${scan.id}`, detail: { hours } });
  await wakeHolders(database, scope, trx, scan.id);
  await announce(database, trx, { scans: [scan.id] });
}

/** The beginning of the next stretch after the present one; null without an end of it. */
function nextOpening(windows: Parameters<typeof allowedStretch>[0], now: number): Date | null {
  const present = allowedStretch(windows, now);
  if (present === null || present.to === null) return null;
  const next = present.from > now ? present : allowedStretch(windows, present.to);
  return next === null ? null : new Date(next.from);
}
