import { expect, test } from 'vitest';
import { importRrule } from '@picket/plan/schedule/rrule-import';
import { everyDay } from '@picket/plan/schedule/recurrence';
import { newWhen, scheduleOf, type When, whenOf } from './when.ts';

const base = newWhen('Europe/Berlin', '2026-11-30T01:00');
const forms: readonly Partial<When>[] = [
  { mode: 'once' },
  { mode: 'repeats', every: 90, unit: 'minutes' },
  { mode: 'repeats', every: 6, unit: 'hours', end: 'count', count: 3 },
  { mode: 'repeats', unit: 'days', end: 'until', until: '2026-12-31T00:00' },
  { mode: 'repeats', every: 2, unit: 'weeks', weekdays: [1, 4] },
  { mode: 'repeats', unit: 'months', on: 'nth-weekday', nth: -1, nthDay: 5 },
  { mode: 'repeats', unit: 'months', on: 'month-day', monthDay: 31, shortMonth: 'last-day' },
  { mode: 'repeats', unit: 'years', on: 'nth-weekday', nth: 2, nthDay: 2 },
  { mode: 'repeats', unit: 'years' },
  { mode: 'after-finish', delayMinutes: 30 },
];

test('every schedule that the form writes opens again in the same fields', () => {
  for (const form of forms) {
    const when = { ...base, ...form };
    const made = scheduleOf(when);
    if (!made.ok) expect.unreachable(made.error);
    expect(whenOf(made.value as Parameters<typeof whenOf>[0])).toEqual(when);
  }
});
test('what the fields cannot say opens as an RRULE of the same meaning', () => {
  const recurrence = {
    kind: 'calendar' as const,
    start: '2026-11-30T01:00',
    until: null,
    count: null,
    rule: {
      ...everyDay,
      unit: 'months' as const,
      monthDays: [1, 15],
      weekdays: [],
      months: [3],
      positions: [],
      times: [],
    },
  };
  const when = whenOf({ zone: 'Europe/Berlin', recurrence });
  expect(when.mode).toBe('rrule');
  expect(scheduleOf(when)).toEqual(importRrule(when.rrule, { zone: 'UTC', start: '2020-01-01T00:00' }));
});
test('what not even an RRULE can say is kept as it is', () => {
  const recurrence = {
    kind: 'calendar' as const,
    start: '2026-11-30T01:00',
    until: null,
    count: null,
    rule: {
      ...everyDay,
      unit: 'months' as const,
      monthDays: [30, 31],
      shortMonth: 'last-day' as const,
      weekdays: [],
      months: [],
      positions: [],
      times: [],
    },
  };
  const when = whenOf({ zone: 'Europe/Berlin', recurrence });
  expect(when.mode).toBe('kept');
  expect(scheduleOf(when)).toEqual({ ok: true, value: { zone: 'Europe/Berlin', recurrence } });
});
test('a fault is told in a sentence while it is typed', () => {
  expect(scheduleOf({ ...base, mode: 'rrule', rrule: 'FREQ=' }).ok).toBe(false);
  expect(scheduleOf({ ...base, mode: 'once', start: '' })).toMatchObject({ ok: false });
  expect(scheduleOf({ ...base, mode: 'repeats', every: 0 })).toMatchObject({ ok: false });
});
