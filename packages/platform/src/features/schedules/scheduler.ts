import { describeError, PicketError } from '@picket/base/error';
import type { MissedReason } from '@picket/contracts/api/schedule';
import type { ScanRequest, ScanSummary } from '@picket/contracts/api/scan';
import { runAfterFinish } from '@picket/plan/schedule/next-runs';
import type { Kysely } from 'kysely';
import { waitingReason } from '../../jobs/domain/waiting-reason.ts';
import { recordEvent } from '../../jobs/outbox.ts';
import { candidatesFor } from '../../jobs/scan-summary.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import { dueRuns } from './domain/due-runs.ts';
import { claimRun, endRun, isQueued, isRunning, openRuns, takeWaiting } from './run-queries.ts';
import { ownerScope } from './schedule-owner.ts';
import { finishedRounds, lockDue, readSchedule, setNext, type StoredSchedule } from './schedule-queries.ts';

/** A person's launch, with that person's rights. */
export type LaunchScan = (
  scope: AccessScope,
  request: ScanRequest,
  from: { readonly address: string; readonly signal: AbortSignal },
) => Promise<Pick<ScanSummary, 'id'>>;

export interface SchedulerDeps {
  readonly context: PlatformContext;
  readonly launch: LaunchScan;
}

/** Between two looks for due runs, milliseconds. */
const lookEveryMs = 5000;
/** A launch that was begun so long ago and has no end was cut off with its platform, milliseconds. */
const staleMs = 600_000;
/** After a missed round a schedule that starts again on finish rests at least so long, milliseconds. */
const missedRestMs = 900_000;

/** Launches what is due until the platform closes. Any number of replicas may run it. */
export async function runScheduler(deps: SchedulerDeps): Promise<void> {
  const { context } = deps;
  while (!context.closing.aborted) {
    try {
      await tick(deps);
    } catch (error) {
      if (!context.closing.aborted)
        context.log.write('warning', 'schedules.tick-failed', { message: describeError(error) });
    }
    try {
      await context.clock.sleep(lookEveryMs, context.closing);
    } catch {
      return;
    }
  }
}

/** One look. A run is claimed by its row before it is launched, so that no two replicas launch it. */
export async function tick(deps: SchedulerDeps): Promise<void> {
  await beginRounds(deps);
  await takeOpenRuns(deps);
  for (;;) {
    const claimed = await deps.context.database.transaction((trx) => claimDue(deps, trx));
    if (claimed === null) return;
    if (claimed.dueAt !== null) await launchRun(deps, claimed.schedule, claimed.dueAt);
  }
}

interface Claimed {
  readonly schedule: StoredSchedule;
  /** Null: nothing is to be launched. */
  readonly dueAt: number | null;
}

async function claimDue({ context }: SchedulerDeps, trx: Kysely<Schema>): Promise<Claimed | null> {
  const scope = { subscriptionId: context.subscriptionId };
  const now = context.clock.now();
  const schedule = await lockDue(scope, trx, new Date(now));
  if (!schedule || schedule.nextAt === null) return null;
  const due = dueRuns(schedule, schedule.nextAt, now, schedule.catchUpMinutes * 60_000);
  await setNext(scope, trx, schedule.id, due.next);
  const detail = 'The platform did not run then, or could not reach its database.';
  for (const dueAt of due.missed) await miss(context, trx, { schedule, dueAt, reason: 'platform-down', detail });
  if (due.launch === null) return { schedule, dueAt: null };
  return { schedule, dueAt: (await mayBegin(context, trx, schedule, due.launch)) ? due.launch : null };
}

/** Claims a run that is due, unless the one before still goes: then it is missed, or waits. */
async function mayBegin(
  context: PlatformContext,
  trx: Kysely<Schema>,
  schedule: StoredSchedule,
  dueAt: number,
): Promise<boolean> {
  const scope = { subscriptionId: context.subscriptionId };
  const run = { scheduleId: schedule.id, dueAt, now: new Date(context.clock.now()) };
  if (!(await isRunning(scope, trx, schedule.id))) return claimRun(scope, trx, { ...run, outcome: 'starting' });
  if (schedule.overlap === 'queue' && !(await isQueued(scope, trx, schedule.id))) {
    await claimRun(scope, trx, { ...run, outcome: 'waiting' });
    return false;
  }
  const detail = 'The run before had not ended.';
  await miss(context, trx, { schedule, dueAt, reason: 'previous-still-running', detail });
  return false;
}

interface Miss {
  readonly schedule: StoredSchedule;
  readonly dueAt: number;
  readonly reason: MissedReason;
  readonly detail: string;
}

async function miss(context: PlatformContext, trx: Kysely<Schema>, missed: Miss): Promise<void> {
  const { schedule, dueAt, reason, detail } = missed;
  const scope = { subscriptionId: context.subscriptionId };
  const run = { scheduleId: schedule.id, dueAt, now: new Date(context.clock.now()), reason, detail };
  if (await claimRun(scope, trx, { ...run, outcome: 'missed' })) await alarm(context, trx, missed);
}

/** A missed run stands in the audit log, goes to those who want to hear of it, and leaves a mark at the schedule. */
async function alarm(context: PlatformContext, trx: Kysely<Schema>, missed: Miss): Promise<void> {
  const { schedule, dueAt, reason, detail } = missed;
  const actor = { subscriptionId: context.subscriptionId, login: 'system' };
  await recordAudit(actor, trx, {
    action: 'schedule.missed',
    subject: `schedule:${schedule.id}`,
    detail: { name: schedule.name, due: new Date(dueAt).toISOString(), reason, detail: detail.slice(0, 500) },
  });
  const event = {
    kind: 'schedule.missed' as const,
    scheduleId: schedule.id,
    title: schedule.name,
    networkId: schedule.scan.networkId,
    dueAt: new Date(dueAt).toISOString(),
    reason: detail.slice(0, 500),
  };
  await recordEvent({ subscriptionId: context.subscriptionId }, trx, event, new Date(context.clock.now()));
  context.log.write('warning', 'schedule.missed', { schedule: schedule.id, due: dueAt, reason });
}

/** Launches a claimed run with the rights that its owner has now, and writes down what became of it. */
export async function launchRun(deps: SchedulerDeps, schedule: StoredSchedule, dueAt: number): Promise<void> {
  const { context } = deps;
  const scope = { subscriptionId: context.subscriptionId };
  const ended = await tryLaunch(deps, schedule);
  await context.database.transaction(async (trx) => {
    await endRun(scope, trx, { scheduleId: schedule.id, dueAt, now: new Date(context.clock.now()) }, ended);
    if (ended.outcome === 'missed') await alarm(context, trx, { schedule, dueAt, ...ended });
  });
}

async function tryLaunch(
  { context, launch }: SchedulerDeps,
  schedule: StoredSchedule,
): Promise<Parameters<typeof endRun>[3]> {
  const missed = (reason: MissedReason, detail: string) => ({ outcome: 'missed' as const, reason, detail });
  try {
    const owner = await ownerScope(context, schedule);
    if ('reason' in owner) return missed(owner.reason, owner.detail);
    const nobody = await whyNobody(context, owner, schedule.scan);
    if (nobody !== null) return missed('no-appliance', nobody);
    const title = schedule.scan.title === '' ? schedule.name : schedule.scan.title;
    const { id } = await launch(owner, { ...schedule.scan, title }, { address: '127.0.0.1', signal: context.closing });
    return { outcome: 'launched', scanId: id };
  } catch (error) {
    const refused = error instanceof PicketError && error.kind === 'user';
    return missed(refused ? 'refused' : 'failed', describeError(error));
  }
}

/** Why no appliance could ever take the job; one that is merely offline may come back. */
async function whyNobody(context: PlatformContext, scope: AccessScope, scan: ScanRequest): Promise<string | null> {
  const { networkId, applianceIds } = scan;
  const now = context.clock.now();
  const job = { networkId, scanId: null, applianceIds };
  const candidates = await candidatesFor(scope, context.database.db, job, now);
  if (candidates.some(({ state }) => state === 'active')) return null;
  return waitingReason('of the schedule', candidates, applianceIds.length > 0);
}

/** Sets when schedules that start again on finish do so. */
async function beginRounds({ context }: SchedulerDeps): Promise<void> {
  const scope = { subscriptionId: context.subscriptionId };
  const { database } = context;
  for (const { id, endedAt } of await finishedRounds(scope, database.db)) {
    const schedule = await readSchedule(scope, database.db, id);
    if (!schedule) continue;
    const from = schedule.missed > 0 ? endedAt.getTime() + missedRestMs : endedAt.getTime();
    const next = runAfterFinish(schedule, from, schedule.runs);
    if (next !== null) await setNext(scope, database.db, id, next);
  }
}

/** Runs that waited for the one before, and launches that were cut off. */
async function takeOpenRuns(deps: SchedulerDeps): Promise<void> {
  const { context } = deps;
  const { database } = context;
  const scope = { subscriptionId: context.subscriptionId };
  const now = new Date(context.clock.now());
  for (const run of await openRuns(scope, database.db, new Date(now.getTime() - staleMs))) {
    const schedule = await readSchedule(scope, database.db, run.schedule_id);
    if (!schedule) continue;
    const at = { scheduleId: schedule.id, dueAt: run.due_at, now };
    if (run.outcome === 'waiting') {
      const taken = await database.transaction(
        async (trx) => !(await isRunning(scope, trx, schedule.id)) && takeWaiting(scope, trx, at),
      );
      if (taken) await launchRun(deps, schedule, run.due_at.getTime());
      continue;
    }
    const detail = 'The platform ended while it launched this run; look among the jobs whether it was launched.';
    const end = { outcome: 'missed' as const, reason: 'failed' as const, detail };
    const dueAt = run.due_at.getTime();
    await database.transaction(async (trx) => {
      await endRun(scope, trx, { ...at, dueAt }, end);
      await alarm(context, trx, { schedule, dueAt, ...end });
    });
  }
}
