import { parseMinutes, parseWall } from './civil.ts';
import { nextRun } from './next-runs.ts';
import type { CalendarRule, Recurrence, Schedule, ScheduleFault } from './recurrence.ts';
import { instantOf, isZone } from './zone.ts';

/** Largest `every`, in any unit, and largest number of counted runs. */
export const maxEvery = 1000;
export const maxCount = 1000;

/** Every fault of a schedule, with the way out. Empty: it can be kept, and it runs at least once. */
export function scheduleFaults(schedule: Schedule): readonly ScheduleFault[] {
  const { zone, recurrence } = schedule;
  const faults: ScheduleFault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, message });
  if (!isZone(zone)) fault('zone', `"${zone}" is no time zone. Write an IANA name such as Europe/Berlin.`);
  if (parseWall(recurrence.start) === null)
    fault('start', `"${recurrence.start}" is no local time. Write it as 2026-03-29T02:30.`);
  faults.push(...recurrenceFaults(recurrence));
  if (faults.length > 0) return faults;
  const start = instantOf(zone, parseWall(recurrence.start) ?? 0);
  if (nextRun(schedule, start - 1) === null)
    fault('recurrence', 'No day of the calendar fits these rules: it would never run.');
  return faults;
}

function recurrenceFaults(recurrence: Recurrence): readonly ScheduleFault[] {
  if (recurrence.kind === 'once') return [];
  const faults: ScheduleFault[] = [];
  const { until, count } = recurrence;
  if (until !== null && parseWall(until) === null)
    faults.push({ field: 'until', message: `"${until}" is no local time.` });
  if (until !== null && count !== null)
    faults.push({ field: 'count', message: 'Give a last day or a number of runs, not both.' });
  if (count !== null && !within(count, 1, maxCount))
    faults.push({ field: 'count', message: `The number of runs is 1 to ${maxCount}.` });
  if (recurrence.kind === 'after-finish') {
    if (!within(recurrence.delayMinutes, 0, 525_600))
      faults.push({ field: 'delayMinutes', message: 'The pause between two runs is 0 minutes to one year.' });
    return faults;
  }
  const every = recurrence.kind === 'interval' ? recurrence.every : recurrence.rule.every;
  if (!within(every, 1, maxEvery)) faults.push({ field: 'every', message: `"Every" is 1 to ${maxEvery}.` });
  return recurrence.kind === 'calendar' ? [...faults, ...ruleFaults(recurrence.rule)] : faults;
}

function ruleFaults(rule: CalendarRule): readonly ScheduleFault[] {
  const faults: ScheduleFault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, message });
  if (rule.unit === 'years' && rule.every > 40) fault('every', 'A schedule runs at least every 40 years.');
  const ordinals = rule.weekdays.filter(({ nth }) => nth !== null);
  if (ordinals.length > 0 && (rule.unit === 'days' || rule.unit === 'weeks'))
    fault('weekdays', 'The first or last weekday needs a schedule of months or years.');
  if (ordinals.length > 0 && rule.monthDays.length > 0)
    fault('weekdays', 'A numbered weekday and days of the month exclude each other.');
  if (ordinals.some(({ nth }) => !signed(nth ?? 0, rule.unit === 'years' && rule.months.length === 0 ? 53 : 5)))
    fault(
      'weekdays',
      'A month has the first to fifth of a weekday, counted from its start or (with a minus) from its end.',
    );
  if (rule.monthDays.length > 0 && rule.unit === 'weeks')
    fault('monthDays', 'Days of the month need a schedule of days, months or years.');
  if (rule.monthDays.some((day) => !signed(day, 31)))
    fault('monthDays', 'A day of the month is 1 to 31, or -1 for the last to -31.');
  if (rule.months.some((month) => !within(month, 1, 12))) fault('months', 'A month is 1 to 12.');
  if (rule.positions.some((position) => !signed(position, 366)))
    fault('positions', 'A position is 1 to 366, or -1 for the last to -366.');
  if (rule.times.some((text) => (parseMinutes(text) ?? 1440) >= 1440)) fault('times', 'A time is 00:00 to 23:59.');
  if (rule.times.length > 96) fault('times', 'A schedule has at most 96 times a day.');
  return faults;
}

function within(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function signed(value: number, most: number): boolean {
  return within(Math.abs(value), 1, most);
}
