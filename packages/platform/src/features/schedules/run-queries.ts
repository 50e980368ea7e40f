import { missedReason, type MissedReason, type ScheduleRun } from '@picket/contracts/api/schedule';
import { type Kysely, sql } from 'kysely';
import type { TenantScope } from '../../jobs/settle-scan.ts';
import { seen } from '../../server/access/seen.ts';
import { wholeSubscription } from '../../server/access/sight.ts';
import type { Schema } from '../../storage/schema.ts';

interface RunRow {
  readonly schedule_id: number;
  readonly due_at: Date;
  readonly at: Date;
  readonly outcome: 'starting' | 'waiting' | 'launched' | 'missed';
  readonly reason: string | null;
  readonly detail: string | null;
  readonly scan_id: number | null;
  readonly manual: boolean;
}

function shownRun(row: RunRow): ScheduleRun {
  return {
    dueAt: row.due_at.toISOString(),
    at: row.at.toISOString(),
    outcome: row.outcome,
    reason: row.reason === null ? null : missedReason.catch('failed').parse(row.reason),
    detail: row.detail,
    scanId: row.scan_id,
    manual: row.manual,
  };
}

/** Claims a run: true for the one caller that wrote it. */
export async function claimRun(
  scope: TenantScope,
  trx: Kysely<Schema>,
  run: {
    readonly scheduleId: number;
    readonly dueAt: number;
    readonly now: Date;
    readonly outcome: 'starting' | 'waiting' | 'missed';
    readonly manual?: boolean;
    readonly reason?: MissedReason;
    readonly detail?: string;
  },
): Promise<boolean> {
  const { rows } = await sql`
    insert into schedule_run (subscription_id, schedule_id, due_at, at, outcome, reason, detail, manual)
    values (${scope.subscriptionId}, ${run.scheduleId}, ${new Date(run.dueAt)}, ${run.now}, ${run.outcome}, ${run.reason ?? null}, ${run.detail ?? null},
      ${run.manual ?? false})
    on conflict do nothing returning schedule_id`.execute(trx);
  if (rows.length === 0) return false;
  if (run.outcome === 'missed') await count(scope, trx, run.scheduleId, 'missed');
  return true;
}

/** Ends a run that was starting. */
export async function endRun(
  scope: TenantScope,
  trx: Kysely<Schema>,
  run: { readonly scheduleId: number; readonly dueAt: number; readonly now: Date },
  end:
    | { readonly outcome: 'launched'; readonly scanId: number }
    | { readonly outcome: 'missed'; readonly reason: MissedReason; readonly detail: string },
): Promise<void> {
  await trx
    .updateTable('schedule_run')
    .set({
      outcome: end.outcome,
      at: run.now,
      ...(end.outcome === 'launched'
        ? { scan_id: end.scanId }
        : { reason: end.reason, detail: end.detail.slice(0, 1000) }),
    })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('schedule_id', '=', run.scheduleId)
    .where('due_at', '=', new Date(run.dueAt))
    .where('outcome', '=', 'starting')
    .execute();
  await count(scope, trx, run.scheduleId, end.outcome);
}

async function count(
  scope: TenantScope,
  trx: Kysely<Schema>,
  scheduleId: number,
  outcome: 'launched' | 'missed',
): Promise<void> {
  await sql`
    update schedule set runs = runs + ${outcome === 'launched' ? 1 : 0}, missed = case when ${outcome === 'launched'}::boolean then 0 else missed + 1 end
    where subscription_id = ${scope.subscriptionId} and id = ${scheduleId}`.execute(trx);
}

/** The job of the newest launched run has not ended, or a run is being launched. */
export async function isRunning(scope: TenantScope, trx: Kysely<Schema>, scheduleId: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from schedule_run r left join ${seen(wholeSubscription(scope.subscriptionId), 'scan')} on scan.subscription_id = r.subscription_id and scan.id = r.scan_id
    where r.subscription_id = ${scope.subscriptionId} and r.schedule_id = ${scheduleId}
      and (r.outcome = 'starting' or (r.outcome = 'launched' and scan.id is not null and scan.ended_at is null))
    limit 1`.execute(trx);
  return rows.length > 0;
}

/** A run waits for the one before it. */
export async function isQueued(scope: TenantScope, trx: Kysely<Schema>, scheduleId: number): Promise<boolean> {
  const row = await trx
    .selectFrom('schedule_run')
    .select('due_at')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('schedule_id', '=', scheduleId)
    .where('outcome', '=', 'waiting')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Runs that wait for the one before, and runs whose launch was begun before `staleBefore` and never ended. */
export async function openRuns(scope: TenantScope, db: Kysely<Schema>, staleBefore: Date) {
  return db
    .selectFrom('schedule_run')
    .select(['schedule_id', 'due_at', 'outcome'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where((eb) =>
      eb.or([eb('outcome', '=', 'waiting'), eb.and([eb('outcome', '=', 'starting'), eb('at', '<', staleBefore)])]),
    )
    .orderBy('due_at')
    .limit(100)
    .execute();
}

/** Takes a waiting run up: true for one caller alone. */
export async function takeWaiting(
  scope: TenantScope,
  trx: Kysely<Schema>,
  run: { readonly scheduleId: number; readonly dueAt: Date; readonly now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('schedule_run')
    .set({ outcome: 'starting', at: run.now })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('schedule_id', '=', run.scheduleId)
    .where('due_at', '=', run.dueAt)
    .where('outcome', '=', 'waiting')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Runs of a schedule, newest first. */
export async function listRuns(
  scope: TenantScope,
  db: Kysely<Schema>,
  scheduleId: number,
  page: { readonly before: Date | null; readonly limit: number },
): Promise<readonly ScheduleRun[]> {
  const rows = await db
    .selectFrom('schedule_run')
    .selectAll()
    .where('subscription_id', '=', scope.subscriptionId)
    .where('schedule_id', '=', scheduleId)
    .$if(page.before !== null, (q) => q.where('due_at', '<', page.before ?? new Date(0)))
    .orderBy('due_at', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map(shownRun);
}

export async function countRuns(scope: TenantScope, db: Kysely<Schema>, scheduleId: number): Promise<number> {
  const { total } = await db
    .selectFrom('schedule_run')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('schedule_id', '=', scheduleId)
    .executeTakeFirstOrThrow();
  return total;
}
