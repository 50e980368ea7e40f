import { err, ok, type Result } from '@picket/base/result';
import { formatMinutes, formatWall, parseWall, type Weekday } from './civil.ts';
import { type CalendarRule, everyDay, type Recurrence, type RecurrenceEnd, type Schedule } from './recurrence.ts';
import { isZone, wallAt } from './zone.ts';
import { scheduleFaults } from './schedule-faults.ts';

const dayNames: readonly string[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const units = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months', YEARLY: 'years' } as const;
const limits = new Map([
  ['BYWEEKNO', 'weeks of the year'],
  ['BYYEARDAY', 'days of the year'],
  ['RSCALE', 'other calendars than the Gregorian'],
  ['SKIP', 'RFC 7529'],
]);
const known = [
  'FREQ',
  'INTERVAL',
  'COUNT',
  'UNTIL',
  'BYDAY',
  'BYMONTHDAY',
  'BYMONTH',
  'BYSETPOS',
  'BYHOUR',
  'BYMINUTE',
  'BYSECOND',
  'WKST',
];

/**
 * Takes over an RRULE of RFC 5545, alone or in the lines of an event with DTSTART. What can't be kept as it is meant is refused and never dropped. `fallback` is
 * the zone and start of a text that has none.
 */
export function importRrule(
  text: string,
  fallback: { readonly zone: string; readonly start: string },
): Result<Schedule, string> {
  const lines = text
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const rules = lines.filter((line) => /^RRULE[:;]/i.test(line) || /^FREQ=/i.test(line));
  const [rule, second] = rules;
  if (rule === undefined) return err('There is no RRULE in it. It begins with RRULE:FREQ=.');
  if (second !== undefined) return err('There are two RRULEs in it. Make a schedule of each.');
  const dropped = lines.map((line) => /^(RDATE|EXDATE|EXRULE)\b/i.exec(line)?.[1]).find((name) => name !== undefined);
  if (dropped !== undefined)
    return err(
      `${dropped.toUpperCase()} can't be kept: a schedule has no single days that are in or out. Use a blackout window for days without a scan.`,
    );
  const start = startOf(
    lines.find((line) => /^DTSTART\b/i.test(line)),
    fallback,
  );
  if (!start.ok) return start;
  const parts = partsOf(rule.replace(/^RRULE[^:]*:/i, ''));
  if (!parts.ok) return parts;
  const recurrence = recurrenceOf(parts.value, start.value);
  if (!recurrence.ok) return recurrence;
  const schedule = { zone: start.value.zone, recurrence: recurrence.value };
  const [fault] = scheduleFaults(schedule);
  return fault ? err(fault.message) : ok(schedule);
}

interface Start {
  readonly zone: string;
  readonly start: string;
}

/** `DTSTART;TZID=Europe/Berlin:20260329T023000`, `DTSTART:20260329T013000Z`, or with a local time the fallback's zone. */
function startOf(line: string | undefined, fallback: Start): Result<Start, string> {
  if (line === undefined) return ok(fallback);
  const match = /^DTSTART((?:;[^:]*)?):(\S+)$/i.exec(line);
  const stamp = stampOf(match?.[2] ?? '');
  if (!match || stamp === null)
    return err(`"${line}" is no start. It is written as DTSTART;TZID=Europe/Berlin:20260329T023000.`);
  const zone = stamp.utc ? 'UTC' : (/;TZID=([^;:]+)/i.exec(match[1] ?? '')?.[1] ?? fallback.zone);
  if (!isZone(zone)) return err(`TZID ${zone} is no IANA time zone.`);
  return ok({ zone, start: stamp.wall });
}

/** `20260329`, `20260329T023000` or with Z. Seconds are refused: a schedule counts minutes. */
function stampOf(text: string): { readonly wall: string; readonly utc: boolean } | null {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})00(Z?))?$/i.exec(text);
  if (!match) return null;
  const [, year, month, day, hour = '00', minute = '00', utc = ''] = match;
  const wall = `${year}-${month}-${day}T${hour}:${minute}`;
  return parseWall(wall) === null ? null : { wall, utc: utc !== '' };
}

function partsOf(text: string): Result<ReadonlyMap<string, string>, string> {
  const parts = new Map<string, string>();
  for (const part of text.split(';').filter((one) => one !== '')) {
    const [name = '', value = '', ...more] = part.toUpperCase().split('=');
    if (value === '' || more.length > 0) return err(`"${part}" is not of the form NAME=VALUE.`);
    if (parts.has(name)) return err(`${name} is given twice.`);
    const limit = limits.get(name);
    if (limit !== undefined) return err(`${name} can't be kept: schedules know no ${limit}.`);
    if (!known.includes(name)) return err(`${name} is no part of an RRULE.`);
    parts.set(name, value);
  }
  return ok(parts);
}

function recurrenceOf(parts: ReadonlyMap<string, string>, start: Start): Result<Recurrence, string> {
  const every = Number(parts.get('INTERVAL') ?? '1');
  const end = endOf(parts, start.zone);
  if (!end.ok) return end;
  if ((parts.get('BYSECOND') ?? '0') !== '0') return err("BYSECOND can't be kept: a schedule counts minutes.");
  const frequency = parts.get('FREQ');
  switch (frequency) {
    case undefined:
      return err('FREQ is missing.');
    case 'SECONDLY':
      return err("FREQ=SECONDLY can't be kept: a scan starts at most once a minute.");
    case 'MINUTELY':
    case 'HOURLY': {
      const by = [...parts.keys()].find((name) => name.startsWith('BY') && name !== 'BYSECOND');
      if (by !== undefined)
        return err(
          `${by} with FREQ=${frequency} can't be kept: minutes and hours are elapsed time here. Write FREQ=DAILY with BYHOUR and BYMINUTE.`,
        );
      return ok({
        kind: 'interval',
        start: start.start,
        every,
        unit: frequency === 'HOURLY' ? 'hours' : 'minutes',
        ...end.value,
      });
    }
    case 'DAILY':
    case 'WEEKLY':
    case 'MONTHLY':
    case 'YEARLY': {
      const rule = ruleOf(parts, { unit: units[frequency], every, start: start.start });
      return rule.ok ? ok({ kind: 'calendar', start: start.start, rule: rule.value, ...end.value }) : rule;
    }
    default:
      return err(`FREQ=${frequency} is no frequency.`);
  }
}

/** UNTIL in UTC becomes the wall time of the zone at that instant; a day without a time means the whole day. */
function endOf(parts: ReadonlyMap<string, string>, zone: string): Result<RecurrenceEnd, string> {
  const count = parts.has('COUNT') ? Number(parts.get('COUNT')) : null;
  const text = parts.get('UNTIL');
  if (text === undefined) return ok({ until: null, count });
  const stamp = stampOf(text.replace(/(T\d{4})\d{2}/, '$100'));
  if (stamp === null) return err(`UNTIL=${text} is no time. It is written as 20261231T235900Z.`);
  const utc = parseWall(stamp.wall) ?? 0;
  if (stamp.utc) return ok({ until: formatWall(wallAt(zone, utc)), count });
  return ok({ until: text.includes('T') ? stamp.wall : `${stamp.wall.slice(0, 10)}T23:59`, count });
}

function ruleOf(
  parts: ReadonlyMap<string, string>,
  { unit, every, start }: Pick<CalendarRule, 'unit' | 'every'> & { readonly start: string },
): Result<CalendarRule, string> {
  const weekdays = (parts.get('BYDAY')?.split(',') ?? []).map(weekdayOf);
  if (weekdays.includes(null))
    return err(`BYDAY=${parts.get('BYDAY')} is no list of weekdays such as MO,WE or 2TU,-1FR.`);
  const numbers = (name: string) => parts.get(name)?.split(',').map(Number) ?? [];
  const lists = { monthDays: numbers('BYMONTHDAY'), months: numbers('BYMONTH'), positions: numbers('BYSETPOS') };
  if (lists.positions.length > 0 && ![...parts.keys()].some((name) => name.startsWith('BY') && name !== 'BYSETPOS'))
    return err('BYSETPOS needs another BY part that it picks from.');
  const times = timesOf(numbers('BYHOUR'), numbers('BYMINUTE'), start);
  if (times === null) return err('BYHOUR is a list of 0 to 23, BYMINUTE one of 0 to 59.');
  const wkst = dayNames.indexOf(parts.get('WKST') ?? 'MO');
  if (wkst < 0) return err(`WKST=${parts.get('WKST')} is no weekday.`);
  return ok({
    ...everyDay,
    unit,
    every,
    ...lists,
    times,
    weekdays: weekdays.flatMap((one) => one ?? []),
    weekStart: asWeekday(wkst),
  });
}

function asWeekday(index: number): Weekday {
  const days: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];
  return days[index] ?? 1;
}

function weekdayOf(text: string): CalendarRule['weekdays'][number] | null {
  const match = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text);
  if (!match) return null;
  return { day: asWeekday(dayNames.indexOf(match[2] ?? '')), nth: match[1] === undefined ? null : Number(match[1]) };
}

/** Every named hour with every named minute; what is not named is the start's. Null: no such times. */
function timesOf(hours: readonly number[], minutes: readonly number[], start: string): readonly string[] | null {
  if (hours.length === 0 && minutes.length === 0) return [];
  const isOf = (most: number) => (value: number) => Number.isInteger(value) && value >= 0 && value <= most;
  if (!hours.every(isOf(23)) || !minutes.every(isOf(59))) return null;
  const allHours = hours.length > 0 ? hours : [Number(start.slice(11, 13))];
  const allMinutes = minutes.length > 0 ? minutes : [Number(start.slice(14, 16))];
  const all = allHours.flatMap((hour) => allMinutes.map((minute) => hour * 60 + minute));
  return [...new Set(all)].sort((a, b) => a - b).map(formatMinutes);
}
