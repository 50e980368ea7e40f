import { calendarWalls } from './calendar-walls.ts';
import { dayMs, hourMs, minuteMs, parseWall } from './civil.ts';
import type { CalendarRecurrence, IntervalRecurrence, Schedule } from './recurrence.ts';
import { instantOf, wallAt } from './zone.ts';

/**
 * The instants after `afterMs` (not at it) at which the schedule runs, ascending, as far as the calendar alone can tell them: of a schedule that
 * starts again when its run ends only the first.
 */
export function* runsAfter(schedule: Schedule, afterMs: number): Generator<number> {
  const { zone, recurrence } = schedule;
  const startWall = parseWall(recurrence.start);
  if (startWall === null) return;
  switch (recurrence.kind) {
    case 'once':
    case 'after-finish': {
      const start = instantOf(zone, startWall);
      if (start > afterMs) yield start;
      return;
    }
    case 'interval':
      yield* intervalRuns(zone, recurrence, startWall, afterMs);
      return;
    case 'calendar':
      yield* calendarRuns(zone, recurrence, startWall, afterMs);
  }
}

/** The next `count` runs after `afterMs`. */
export function nextRuns(schedule: Schedule, afterMs: number, count: number): readonly number[] {
  const found: number[] = [];
  if (count <= 0) return found;
  for (const run of runsAfter(schedule, afterMs)) {
    found.push(run);
    if (found.length >= count) break;
  }
  return found;
}

/** The next run after `afterMs`; null when there is none. */
export function nextRun(schedule: Schedule, afterMs: number): number | null {
  return nextRuns(schedule, afterMs, 1)[0] ?? null;
}

/** When a schedule that starts again on finish runs next; null when it had its last run. `runs`: those it had so far. */
export function runAfterFinish(schedule: Schedule, finishedMs: number, runs: number): number | null {
  const { zone, recurrence } = schedule;
  if (recurrence.kind !== 'after-finish') return null;
  const { count, until, delayMinutes } = recurrence;
  if (count !== null && runs >= count) return null;
  const at = Math.ceil((finishedMs + delayMinutes * minuteMs) / minuteMs) * minuteMs;
  return at <= lastInstant(zone, until) ? at : null;
}

function lastInstant(zone: string, until: string | null): number {
  const wall = until === null ? null : parseWall(until);
  return wall === null ? Number.POSITIVE_INFINITY : instantOf(zone, wall);
}

function* intervalRuns(
  zone: string,
  recurrence: IntervalRecurrence,
  startWall: number,
  afterMs: number,
): Generator<number> {
  const start = instantOf(zone, startWall);
  const period = recurrence.every * (recurrence.unit === 'hours' ? hourMs : minuteMs);
  const last = lastInstant(zone, recurrence.until);
  const runs = recurrence.count ?? Number.POSITIVE_INFINITY;
  for (let index = Math.max(0, Math.floor((afterMs - start) / period) + 1); index < runs; index += 1) {
    const at = start + index * period;
    if (at > last) return;
    yield at;
  }
}

/** Two wall times that the clocks leap over are one run, and count as one. */
function* calendarRuns(
  zone: string,
  recurrence: CalendarRecurrence,
  startWall: number,
  afterMs: number,
): Generator<number> {
  const last = lastInstant(zone, recurrence.until);
  // Of a counted rule every run from the start on has to be counted.
  const fromWall = recurrence.count === null ? wallAt(zone, afterMs) - 2 * dayMs : startWall;
  const left = recurrence.count ?? Number.POSITIVE_INFINITY;
  let counted = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (const wall of calendarWalls(recurrence.rule, startWall, fromWall)) {
    const at = instantOf(zone, wall);
    if (at <= before) continue;
    before = at;
    counted += 1;
    if (counted > left || at > last) return;
    if (at > afterMs) yield at;
  }
}
