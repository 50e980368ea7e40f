import { type CivilDay, civilDay, dayMs, dayNumber, minuteMs, monthLength, parseMinutes, weekdayOf } from './civil.ts';
import type { CalendarRule } from './recurrence.ts';

/** A rule that gives nothing for so long gives nothing at all: 29 February on a certain weekday comes every 28 years, and skips a century. */
const barrenYears = 41;

/**
 * The wall times of a calendar rule, ascending, from `fromWall` on; none before `startWall`. Zones come later: here every day has 24 hours.
 */
export function* calendarWalls(rule: CalendarRule, startWall: number, fromWall: number): Generator<number> {
  const startDay = Math.floor(startWall / dayMs);
  const minutes = minutesOf(rule, startWall);
  const periods = periodsOf(rule, startDay);
  const first = Math.max(startWall, fromWall);
  let index = Math.max(0, Math.floor((periods.indexOf(Math.floor(first / dayMs)) - 1) / rule.every) * rule.every);
  let last = first;
  for (; ; index += rule.every) {
    const walls = pick(
      rule.positions,
      periods.days(index).flatMap((day) => minutes.map((minute) => day * dayMs + minute * minuteMs)),
    );
    for (const wall of walls) {
      if (wall < first) continue;
      last = wall;
      yield wall;
    }
    if (periods.startDay(index) * dayMs > last + barrenYears * 366 * dayMs) return;
  }
}

function minutesOf(rule: CalendarRule, startWall: number): readonly number[] {
  if (rule.times.length === 0) return [Math.floor((startWall % dayMs) / minuteMs)];
  const parsed = rule.times.flatMap((text) => parseMinutes(text) ?? []).filter((minute) => minute < 1440);
  return ascending(parsed);
}

function pick(positions: readonly number[], walls: readonly number[]): readonly number[] {
  if (positions.length === 0) return walls;
  const picked = positions.map((position) => walls.at(position > 0 ? position - 1 : position));
  return ascending(picked.flatMap((wall) => wall ?? []));
}

function ascending(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** The periods of a rule, counted from that of its start. */
interface Periods {
  readonly indexOf: (day: number) => number;
  readonly startDay: (index: number) => number;
  /** Ascending. */
  readonly days: (index: number) => readonly number[];
}

function periodsOf(rule: CalendarRule, startDay: number): Periods {
  switch (rule.unit) {
    case 'days':
      return {
        indexOf: (day) => day - startDay,
        startDay: (index) => startDay + index,
        days: (index) =>
          [startDay + index].filter((day) => inMonths(rule, day) && onMonthDay(rule, day) && onDay(rule, day)),
      };
    case 'weeks':
      return weekPeriods(rule, startDay);
    case 'months':
      return monthPeriods(rule, startDay);
    case 'years':
      return yearPeriods(rule, startDay);
  }
}

function weekPeriods(rule: CalendarRule, startDay: number): Periods {
  const monday = startDay - ((weekdayOf(startDay) - rule.weekStart + 7) % 7);
  const chosen = rule.weekdays.length === 0 ? [weekdayOf(startDay)] : rule.weekdays.map(({ day }) => day);
  return {
    indexOf: (day) => Math.floor((day - monday) / 7),
    startDay: (index) => monday + index * 7,
    days: (index) =>
      [0, 1, 2, 3, 4, 5, 6]
        .map((offset) => monday + index * 7 + offset)
        .filter((day) => chosen.includes(weekdayOf(day)) && inMonths(rule, day)),
  };
}

function monthPeriods(rule: CalendarRule, startDay: number): Periods {
  const start = civilDay(startDay);
  const base = start.year * 12 + start.month - 1;
  const at = (index: number) => ({ year: Math.floor((base + index) / 12), month: ((base + index) % 12) + 1 });
  return {
    indexOf: (day) => {
      const { year, month } = civilDay(day);
      return year * 12 + month - 1 - base;
    },
    startDay: (index) => dayNumber({ ...at(index), day: 1 }),
    days: (index) => {
      const { year, month } = at(index);
      if (rule.months.length > 0 && !rule.months.includes(month)) return [];
      return daysOfMonth(rule, { year, month, day: start.day });
    },
  };
}

function yearPeriods(rule: CalendarRule, startDay: number): Periods {
  const start = civilDay(startDay);
  return {
    indexOf: (day) => civilDay(day).year - start.year,
    startDay: (index) => dayNumber({ year: start.year + index, month: 1, day: 1 }),
    days: (index) => {
      const year = start.year + index;
      if (rule.weekdays.length > 0 && rule.months.length === 0 && rule.monthDays.length === 0)
        return daysOfYear(rule, year);
      const own = rule.monthDays.length > 0 ? allMonths : [start.month];
      const months = ascending(rule.months.length > 0 ? rule.months : own);
      return months.flatMap((month) => daysOfMonth(rule, { year, month, day: start.day }));
    },
  };
}

const allMonths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** `start.day` counts when the rule names no day. */
function daysOfMonth(rule: CalendarRule, { year, month, day }: CivilDay): readonly number[] {
  const first = dayNumber({ year, month, day: 1 });
  const length = monthLength(year, month);
  if (rule.monthDays.length === 0 && rule.weekdays.length > 0) return weekdaysWithin(rule, first, length);
  const wanted = rule.monthDays.length > 0 ? rule.monthDays : [day];
  const days = wanted.map((one) => (one > 0 ? one : length + 1 + one));
  const kept = days.flatMap((one) => (one > length && rule.shortMonth === 'last-day' ? length : one));
  return ascending(kept.filter((one) => one >= 1 && one <= length))
    .map((one) => first + one - 1)
    .filter((one) => rule.weekdays.length === 0 || rule.weekdays.some((weekday) => weekday.day === weekdayOf(one)));
}

function daysOfYear(rule: CalendarRule, year: number): readonly number[] {
  const first = dayNumber({ year, month: 1, day: 1 });
  return weekdaysWithin(rule, first, dayNumber({ year: year + 1, month: 1, day: 1 }) - first);
}

/** Each, the nth or the nth to last of the weekdays in a stretch of days. */
function weekdaysWithin(rule: CalendarRule, first: number, length: number): readonly number[] {
  const found = rule.weekdays.flatMap(({ day, nth }) => {
    const all: number[] = [];
    for (let one = first + ((day - weekdayOf(first) + 7) % 7); one < first + length; one += 7) all.push(one);
    if (nth === null) return all;
    return all.at(nth > 0 ? nth - 1 : nth) ?? [];
  });
  return ascending(found);
}

function inMonths(rule: CalendarRule, day: number): boolean {
  return rule.months.length === 0 || rule.months.includes(civilDay(day).month);
}

function onMonthDay(rule: CalendarRule, day: number): boolean {
  if (rule.monthDays.length === 0) return true;
  const date = civilDay(day);
  const length = monthLength(date.year, date.month);
  return rule.monthDays.some((one) => (one > 0 ? one : length + 1 + one) === date.day);
}

function onDay(rule: CalendarRule, day: number): boolean {
  return rule.weekdays.length === 0 || rule.weekdays.some((one) => one.day === weekdayOf(day));
}
