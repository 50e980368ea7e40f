import type { Weekday } from './civil.ts';
import type { CalendarRule, Recurrence, Schedule } from './recurrence.ts';

/** Three letters each, Monday first. */
export const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export function weekdayName(day: Weekday): string {
  return weekdayNames[day - 1] ?? '';
}

/** A schedule in one line, e.g. `Every 2 weeks on Mon, Thu at 01:00, Europe/Berlin`. */
export function describeSchedule({ zone, recurrence }: Schedule): string {
  return `${describeRecurrence(recurrence)}${endText(recurrence)}, ${zone}`;
}

function describeRecurrence(recurrence: Recurrence): string {
  const start = recurrence.start.replace('T', ' ');
  switch (recurrence.kind) {
    case 'once':
      return `Once at ${start}`;
    case 'interval':
      return `${everyText(recurrence.every, recurrence.unit)} from ${start} (elapsed time)`;
    case 'after-finish':
      return recurrence.delayMinutes === 0
        ? `From ${start}, again as soon as a run ends`
        : `From ${start}, again ${recurrence.delayMinutes} minutes after a run ends`;
    case 'calendar':
      return describeRule(recurrence.rule, recurrence.start);
  }
}

function endText(recurrence: Recurrence): string {
  if (recurrence.kind === 'once') return '';
  if (recurrence.until !== null) return `, until ${recurrence.until.replace('T', ' ')}`;
  return recurrence.count === null ? '' : `, ${recurrence.count} ${recurrence.count === 1 ? 'run' : 'runs'} in all`;
}

function everyText(every: number, unit: string): string {
  return every === 1 ? `Every ${unit.slice(0, -1)}` : `Every ${every} ${unit}`;
}

function describeRule(rule: CalendarRule, start: string): string {
  const days = [
    rule.weekdays
      .map(({ day, nth }) => (nth === null ? weekdayName(day) : `the ${ordinal(nth)} ${weekdayName(day)}`))
      .join(', '),
    rule.monthDays.length === 0
      ? ''
      : `day ${rule.monthDays.map((day) => (day > 0 ? String(day) : ordinal(day))).join(', ')}`,
  ].filter((text) => text !== '');
  const on = days.length === 0 ? '' : ` on ${days.join(' and ')}`;
  const months =
    rule.months.length === 0 ? '' : ` in ${rule.months.map((month) => monthNames[month - 1] ?? '').join(', ')}`;
  const short =
    rule.shortMonth === 'last-day' && rule.monthDays.some((day) => day > 28)
      ? ' (or the last day of a shorter month)'
      : '';
  const positions = rule.positions.length === 0 ? '' : `, of these only the ${rule.positions.map(ordinal).join(', ')}`;
  const times = rule.times.length === 0 ? start.slice(11) : rule.times.join(', ');
  return `${everyText(rule.every, rule.unit)}${on}${short}${months}${positions} at ${times}`;
}

function ordinal(nth: number): string {
  if (nth === -1) return 'last';
  if (nth < 0) return `${ordinal(-nth)} to last`;
  const suffix = nth % 100 >= 11 && nth % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][nth % 10] ?? 'th');
  return `${nth}${suffix}`;
}
