import { runsAfter } from '@picket/plan/schedule/next-runs';
import type { Schedule } from '@picket/plan/schedule/recurrence';

/** What is due of a schedule, milliseconds since the epoch. */
export interface DueRuns {
  /** The one to launch now; null when it is too late for it. */
  readonly launch: number | null;
  /** Missed while nobody looked, oldest first, the newest of them at most. */
  readonly missed: readonly number[];
  readonly next: number | null;
}

/** So many missed runs are written down after a long silence; they stand for all. */
const mostMissed = 20;
/** A run that is later than this was missed by somebody: the platform looks every few seconds. */
const onTimeMs = 120_000;

/**
 * After a silence at most one run is made up: the newest, when it is not older than the schedule allows. `nextAt`: the first that was not looked
 * at.
 */
export function dueRuns(schedule: Schedule, nextAt: number, now: number, catchUpMs: number): DueRuns {
  const due = [nextAt];
  let next: number | null = null;
  for (const run of runsAfter(schedule, nextAt)) {
    if (run > now) {
      next = run;
      break;
    }
    due.push(run);
    if (due.length > mostMissed + 1) due.shift();
  }
  const newest = due.at(-1) ?? nextAt;
  const late = now - newest;
  const launches = late <= Math.max(onTimeMs, catchUpMs);
  return { launch: launches ? newest : null, missed: launches ? due.slice(0, -1) : due.slice(-mostMissed), next };
}
