import type { Weekday } from './civil.ts';

/** When a schedule runs, in the wall time of its zone. */
export interface Schedule {
  /** IANA name. */
  readonly zone: string;
  readonly recurrence: Recurrence;
}

/** `start` and `until` are wall times, `2026-03-29T02:30`; `until` is the last that may run. */
export type Recurrence =
  | { readonly kind: 'once'; readonly start: string }
  | IntervalRecurrence
  | CalendarRecurrence
  | ({ readonly kind: 'after-finish'; readonly start: string; readonly delayMinutes: number } & RecurrenceEnd);

export interface RecurrenceEnd {
  readonly until: string | null;
  /** Runs in all. */
  readonly count: number | null;
}

/** Minutes and hours are elapsed time: on the day the clocks change "every 6 hours" stays six hours, and shows other times. */
export interface IntervalRecurrence extends RecurrenceEnd {
  readonly kind: 'interval';
  readonly start: string;
  readonly every: number;
  readonly unit: 'minutes' | 'hours';
}

/** Days and above are wall time: "daily at 01:00" is at 01:00 all the year. */
export interface CalendarRecurrence extends RecurrenceEnd {
  readonly kind: 'calendar';
  readonly start: string;
  readonly rule: CalendarRule;
}

/**
 * Which days of the calendar, with the words of RFC 5545 section 3.3.10. Empty lists say nothing; what is not said comes from the start (its
 * weekday, its day of the month, its time).
 */
export interface CalendarRule {
  readonly unit: 'days' | 'weeks' | 'months' | 'years';
  readonly every: number;
  /** `nth`: 1 is the first of the month, -1 the last; null: each one. */
  readonly weekdays: readonly { readonly day: Weekday; readonly nth: number | null }[];
  /** 1 to 31, or -1 for the last to -31. */
  readonly monthDays: readonly number[];
  readonly months: readonly number[];
  /** Of all that one period gives only these: 1 is the first, -1 the last (BYSETPOS). */
  readonly positions: readonly number[];
  /** `HH:MM`. */
  readonly times: readonly string[];
  /** A day that a month does not have: that month is left out, or its last day is taken. */
  readonly shortMonth: 'skip' | 'last-day';
  readonly weekStart: Weekday;
}

export const everyDay: CalendarRule = {
  unit: 'days',
  every: 1,
  weekdays: [],
  monthDays: [],
  months: [],
  positions: [],
  times: [],
  shortMonth: 'skip',
  weekStart: 1,
};

/** A fault of one field. */
export interface ScheduleFault {
  readonly field: string;
  readonly message: string;
}
