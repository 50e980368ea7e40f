import type { Schedule as ApiSchedule } from '@picket/contracts/api/schedule';
import { err, ok, type Result } from '@picket/base/result';
import type { Weekday } from '@picket/plan/schedule/civil';
import { everyDay, type Recurrence, type RecurrenceEnd, type Schedule } from '@picket/plan/schedule/recurrence';
import { exportRrule } from '@picket/plan/schedule/rrule-export';
import { importRrule } from '@picket/plan/schedule/rrule-import';
import { scheduleFaults } from '@picket/plan/schedule/schedule-faults';

type Unit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years';

/** When a job runs, as it is written in the form; fields of the other modes keep what was typed. */
export interface When {
  readonly mode: 'now' | 'once' | 'repeats' | 'after-finish' | 'rrule' | 'kept';
  readonly zone: string;
  /** Wall time of the first run. */
  readonly start: string;
  readonly every: number;
  readonly unit: Unit;
  /** Of a schedule of weeks; empty: the weekday of the start. */
  readonly weekdays: readonly Weekday[];
  /** Of a schedule of months and years. */
  readonly on: 'start' | 'month-day' | 'nth-weekday';
  readonly monthDay: number;
  readonly shortMonth: 'skip' | 'last-day';
  readonly nth: number;
  readonly nthDay: Weekday;
  readonly delayMinutes: number;
  readonly end: 'never' | 'until' | 'count';
  readonly until: string;
  readonly count: number;
  readonly rrule: string;
  /** What the form has no fields for, and no RRULE has words for: kept as it is. */
  readonly kept: Recurrence | null;
}

/** What a new schedule begins with. */
export function newWhen(zone: string, start: string): When {
  return {
    mode: 'now',
    zone,
    start,
    every: 1,
    unit: 'weeks',
    weekdays: [],
    on: 'start',
    monthDay: 1,
    shortMonth: 'skip',
    nth: 1,
    nthDay: 1,
    delayMinutes: 60,
    end: 'never',
    until: '',
    count: 10,
    rrule: '',
    kept: null,
  };
}

/** The schedule that is written; the error is the first thing to mend. Pure. */
export function scheduleOf(when: When): Result<Schedule, string> {
  if (when.mode === 'now') return err('It runs now.');
  const read =
    when.mode === 'rrule' ? importRrule(when.rrule, when) : ok({ zone: when.zone, recurrence: written(when) });
  if (!read.ok) return read;
  const [fault] = scheduleFaults(read.value);
  return fault ? err(fault.message) : read;
}

function written(when: When): Recurrence {
  const { start } = when;
  const end: RecurrenceEnd = {
    until: when.end === 'until' ? when.until : null,
    count: when.end === 'count' ? when.count : null,
  };
  if (when.mode === 'kept' && when.kept !== null) return when.kept;
  if (when.mode === 'after-finish') return { kind: 'after-finish', start, delayMinutes: when.delayMinutes, ...end };
  if (when.mode !== 'repeats') return { kind: 'once', start };
  const { every, unit } = when;
  if (unit === 'minutes' || unit === 'hours') return { kind: 'interval', start, every, unit, ...end };
  return { kind: 'calendar', start, rule: { ...everyDay, unit, every, ...daysOf(when, unit) }, ...end };
}

function daysOf(when: When, unit: 'days' | 'weeks' | 'months' | 'years') {
  if (unit === 'days') return {};
  if (unit === 'weeks') return { weekdays: when.weekdays.map((day) => ({ day, nth: null })) };
  if (when.on === 'month-day')
    return { monthDays: [when.monthDay], shortMonth: when.shortMonth, ...monthOf(when, unit) };
  if (when.on === 'nth-weekday') return { weekdays: [{ day: when.nthDay, nth: when.nth }], ...monthOf(when, unit) };
  return {};
}

/** A day of the month, each year: in the month of the start. */
function monthOf(when: When, unit: 'months' | 'years') {
  return unit === 'years' ? { months: [Number(when.start.slice(5, 7))] } : {};
}

/** A kept schedule in the fields of the form: where they can't say it, as an RRULE, and where that can't either, as it is. Pure. */
export function whenOf(schedule: Pick<ApiSchedule, 'zone' | 'recurrence'>): When {
  const { zone, recurrence } = schedule;
  const base = newWhen(zone, recurrence.start);
  const tried = { ...base, ...endOf(recurrence), ...fieldsOf(recurrence) };
  if (JSON.stringify(sorted(written(tried))) === JSON.stringify(sorted(recurrence))) return tried;
  const rrule = exportRrule({ zone, recurrence });
  return rrule.ok ? { ...base, mode: 'rrule', rrule: rrule.value } : { ...base, mode: 'kept', kept: recurrence };
}

function fieldsOf(recurrence: Recurrence): Partial<When> {
  switch (recurrence.kind) {
    case 'once':
      return { mode: 'once' };
    case 'interval':
      return { mode: 'repeats', every: recurrence.every, unit: recurrence.unit };
    case 'after-finish':
      return { mode: 'after-finish', delayMinutes: recurrence.delayMinutes };
    case 'calendar': {
      const { unit, every, weekdays, monthDays, shortMonth } = recurrence.rule;
      const common = { mode: 'repeats', unit, every } as const;
      const [monthDay] = monthDays;
      const [weekday] = weekdays;
      if (monthDay !== undefined) return { ...common, on: 'month-day', monthDay, shortMonth };
      if (unit === 'weeks') return { ...common, weekdays: weekdays.map(({ day }) => day) };
      if (weekday?.nth) return { ...common, on: 'nth-weekday', nth: weekday.nth, nthDay: weekday.day };
      return common;
    }
  }
}

function endOf(recurrence: Recurrence): Partial<When> {
  if (recurrence.kind === 'once') return {};
  if (recurrence.until !== null) return { end: 'until', until: recurrence.until };
  return recurrence.count === null ? {} : { end: 'count', count: recurrence.count };
}

/** The same value, whatever the order of its fields. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, inner]): [string, unknown] => [key, sorted(inner)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
