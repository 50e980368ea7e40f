import { err, ok, type Result } from '@picket/base/result';
import { parseMinutes } from './civil.ts';
import type { CalendarRule, RecurrenceEnd, Schedule } from './recurrence.ts';

const dayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const frequencies = { days: 'DAILY', weeks: 'WEEKLY', months: 'MONTHLY', years: 'YEARLY' } as const;

/** The schedule as DTSTART and RRULE of RFC 5545; the error says what an RRULE has no words for. */
export function exportRrule(schedule: Schedule): Result<string, string> {
  const { zone, recurrence } = schedule;
  const start = `DTSTART;TZID=${zone}:${stamp(recurrence.start)}`;
  switch (recurrence.kind) {
    case 'once':
      return ok(`${start}\nRRULE:FREQ=DAILY;COUNT=1`);
    case 'after-finish':
      return err('A schedule that starts again when its run ends is no RRULE.');
    case 'interval': {
      const frequency = recurrence.unit === 'hours' ? 'HOURLY' : 'MINUTELY';
      return ok(`${start}\nRRULE:FREQ=${frequency};INTERVAL=${recurrence.every}${endText(recurrence)}`);
    }
    case 'calendar': {
      const parts = partsOf(recurrence.rule);
      return parts.ok ? ok(`${start}\nRRULE:${parts.value.join(';')}${endText(recurrence)}`) : parts;
    }
  }
}

function stamp(wall: string): string {
  return `${wall.replaceAll(/[-:]/g, '')}00`;
}

function endText({ until, count }: RecurrenceEnd): string {
  return `${until === null ? '' : `;UNTIL=${stamp(until)}`}${count === null ? '' : `;COUNT=${count}`}`;
}

function partsOf(rule: CalendarRule): Result<readonly string[], string> {
  const short = shortMonthOf(rule);
  if (!short.ok) return short;
  const { monthDays, positions } = short.value;
  const times = timesOf(rule.times);
  if (!times.ok) return times;
  const list = (name: string, values: readonly (number | string)[]) =>
    values.length === 0 ? [] : [`${name}=${values.join(',')}`];
  return ok([
    `FREQ=${frequencies[rule.unit]}`,
    ...(rule.every === 1 ? [] : [`INTERVAL=${rule.every}`]),
    ...list('BYMONTH', rule.months),
    ...list('BYMONTHDAY', monthDays),
    ...list(
      'BYDAY',
      rule.weekdays.map(({ day, nth }) => `${nth ?? ''}${dayNames[day - 1]}`),
    ),
    ...list('BYSETPOS', positions),
    ...times.value,
    ...(rule.weekStart === 1 ? [] : [`WKST=${dayNames[rule.weekStart - 1]}`]),
  ]);
}

/** "The 30th, or the last day of a shorter month" is the last of 28, 29 and 30 that there is. */
function shortMonthOf(rule: CalendarRule): Result<Pick<CalendarRule, 'monthDays' | 'positions'>, string> {
  const { monthDays, positions } = rule;
  if (rule.shortMonth === 'skip' || monthDays.every((day) => day <= 28)) return ok({ monthDays, positions });
  const [day = 0, more] = monthDays;
  const single = rule.unit === 'months' || (rule.unit === 'years' && rule.months.length === 1);
  if (more !== undefined || positions.length > 0 || rule.times.length > 1 || rule.weekdays.length > 0 || !single)
    return err('An RRULE has no words for "the last day of a shorter month" together with other days or times.');
  return ok({ monthDays: [28, 29, 30, 31].filter((one) => one <= day), positions: [-1] });
}

/** BYHOUR and BYMINUTE are each combined with each: other lists of times are none of theirs. */
function timesOf(times: readonly string[]): Result<readonly string[], string> {
  if (times.length === 0) return ok([]);
  const all = new Set(times.flatMap((text) => parseMinutes(text) ?? []));
  const hours = [...new Set([...all].map((minute) => Math.floor(minute / 60)))].sort((a, b) => a - b);
  const minutes = [...new Set([...all].map((minute) => minute % 60))].sort((a, b) => a - b);
  if (hours.length * minutes.length !== all.size)
    return err('An RRULE has no words for these times of the day: each hour would run at each of the minutes.');
  return ok([`BYHOUR=${hours.join(',')}`, `BYMINUTE=${minutes.join(',')}`]);
}
