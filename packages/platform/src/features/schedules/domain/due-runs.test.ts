import type { Schedule } from '@picket/plan/schedule/recurrence';
import { expect, it } from 'vitest';
import { dueRuns } from './due-runs.ts';

const hourMs = 3_600_000;
const hourly: Schedule = {
  zone: 'Europe/Berlin',
  recurrence: { kind: 'interval', start: '2026-01-01T00:00', every: 1, unit: 'hours', until: null, count: null },
};
const at = (text: string) => Date.parse(`2026-06-01T${text}:00Z`);

it('launches what is due now, and knows the next', () => {
  expect(dueRuns(hourly, at('10:00'), at('10:00') + 3000, 0)).toEqual({
    launch: at('10:00'),
    missed: [],
    next: at('11:00'),
  });
});

it('makes up one run after a silence, and tells of the others', () => {
  expect(dueRuns(hourly, at('10:00'), at('12:30'), 12 * hourMs)).toEqual({
    launch: at('12:00'),
    missed: [at('10:00'), at('11:00')],
    next: at('13:00'),
  });
});

it('makes up nothing that is older than allowed', () => {
  expect(dueRuns(hourly, at('10:00'), at('12:30'), 10 * 60_000)).toEqual({
    launch: null,
    missed: [at('10:00'), at('11:00'), at('12:00')],
    next: at('13:00'),
  });
});

it('tells of twenty missed runs at most', () => {
  const due = dueRuns(hourly, at('10:00'), at('10:00') + 500 * hourMs, 0);
  expect(due.missed).toHaveLength(20);
});
