import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayMs, formatWall, hourMs, minuteMs } from './civil.ts';
import { nextRun, nextRuns, runAfterFinish } from './next-runs.ts';
import { type CalendarRule, everyDay, type Recurrence, type Schedule } from './recurrence.ts';
import { dailyAt, daylightCases } from './testing/schedule-cases.ts';
import { instantOf, wallAt } from './zone.ts';

const iso = (runs: readonly number[]) => runs.map((at) => new Date(at).toISOString().replace('.000', ''));
const calendar = (start: string, rule: Partial<CalendarRule>, end = {}): Schedule => ({
  zone: 'UTC',
  recurrence: { kind: 'calendar', start, rule: { ...everyDay, ...rule }, until: null, count: null, ...end },
});
const days = (schedule: Schedule, after: string, count: number) =>
  nextRuns(schedule, Date.parse(after), count).map((at) => formatWall(at).slice(0, 10));

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Asia/Kathmandu',
];
const someInstant = fc.integer({ min: Date.parse('2005-01-01'), max: Date.parse('2035-01-01') });

describe('runs across changes of the clocks', () => {
  it.each(daylightCases)('$title', ({ schedule, after, runs }) => {
    expect(iso(nextRuns(schedule, Date.parse(after), runs.length))).toEqual(runs);
  });

  it('come once on each day that there is, whatever the zone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), someInstant, fc.integer({ min: 0, max: 1439 }), (zone, after, minute) => {
        const start = `2001-01-01T${formatWall(minute * minuteMs).slice(11)}`;
        const runs = nextRuns(dailyAt(zone, start), after, 20);
        const gaps = runs.slice(1).map((at, index) => at - (runs[index] ?? 0));
        expect(runs[0]).toBeGreaterThan(after);
        // The day that Apia left out is run at its end.
        const least = zone === 'Pacific/Apia' ? 1 : 22 * hourMs;
        expect(gaps.every((gap) => gap >= least && gap <= 26 * hourMs)).toBe(true);
        const shown = runs.map((at) => formatWall(wallAt(zone, at)).slice(11));
        expect(shown.filter((text) => text !== start.slice(11)).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('are the same whether asked for at once or one by one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), someInstant, fc.nat(1439), (zone, after, minute) => {
        const schedule = dailyAt(zone, `2001-01-01T${formatWall(minute * minuteMs).slice(11)}`);
        const runs = nextRuns(schedule, after, 5);
        let at = after;
        for (const run of runs) {
          at = nextRun(schedule, at) ?? 0;
          expect(at).toBe(run);
        }
      }),
    );
  });

  it('find every wall time that exists at that time, the first of two', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), someInstant, (zone, instant) => {
        const at = instantOf(zone, wallAt(zone, instant));
        expect(wallAt(zone, at)).toBe(wallAt(zone, instant));
        expect(at).toBeLessThanOrEqual(instant);
      }),
    );
  });
});

describe('calendar rules', () => {
  it('leave short months out, or take their last day', () => {
    const skip = calendar('2026-01-31T01:00', { unit: 'months', monthDays: [31] });
    expect(days(skip, '2026-01-01', 3)).toEqual(['2026-01-31', '2026-03-31', '2026-05-31']);
    const last = calendar('2026-01-31T01:00', { unit: 'months', monthDays: [31], shortMonth: 'last-day' });
    expect(days(last, '2026-01-01', 3)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31']);
  });

  it('take the nth and the last weekday of a month', () => {
    const second = calendar('2026-01-01T01:00', { unit: 'months', weekdays: [{ day: 2, nth: 2 }] });
    expect(days(second, '2026-01-01', 3)).toEqual(['2026-01-13', '2026-02-10', '2026-03-10']);
    const last = calendar('2026-01-01T01:00', { unit: 'months', weekdays: [{ day: 5, nth: -1 }] });
    expect(days(last, '2026-01-01', 3)).toEqual(['2026-01-30', '2026-02-27', '2026-03-27']);
    const fifth = calendar('2026-01-01T01:00', { unit: 'months', weekdays: [{ day: 1, nth: 5 }] });
    expect(days(fifth, '2026-01-01', 2)).toEqual(['2026-03-30', '2026-06-29']);
  });

  it('keep the rhythm of every n weeks from the week of the start', () => {
    const mondays = {
      unit: 'weeks',
      every: 2,
      weekdays: [
        { day: 1, nth: null },
        { day: 4, nth: null },
      ],
    } as const;
    expect(days(calendar('2026-01-07T01:00', mondays), '2026-01-01', 4)).toEqual([
      '2026-01-08',
      '2026-01-19',
      '2026-01-22',
      '2026-02-02',
    ]);
  });

  it('come on 29 February every fourth year, and not in 2100', () => {
    const leap = calendar('2024-02-29T01:00', { unit: 'years' });
    expect(days(leap, '2024-03-01', 2)).toEqual(['2028-02-29', '2032-02-29']);
    expect(days(leap, '2096-03-01', 1)).toEqual(['2104-02-29']);
  });

  it('end after their number of runs, or on their last day', () => {
    const three = calendar('2026-01-01T01:00', {}, { count: 3 });
    expect(days(three, '2025-01-01', 9)).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
    expect(days(three, '2026-01-02T01:00:00Z', 9)).toEqual(['2026-01-03']);
    const until = calendar('2026-01-01T01:00', {}, { until: '2026-01-02T01:00' });
    expect(days(until, '2025-01-01', 9)).toEqual(['2026-01-01', '2026-01-02']);
  });

  it('end in finite time when no day fits', () => {
    expect(nextRun(calendar('2026-01-01T01:00', { months: [2], monthDays: [30] }), 0)).toBeNull();
    expect(nextRun(calendar('2026-01-01T01:00', { unit: 'years', months: [2], monthDays: [31] }), 0)).toBeNull();
  });
});

describe('other schedules', () => {
  const of = (recurrence: Recurrence): Schedule => ({ zone: 'UTC', recurrence });

  it('run once', () => {
    const once = of({ kind: 'once', start: '2026-05-01T10:00' });
    expect(iso(nextRuns(once, 0, 3))).toEqual(['2026-05-01T10:00:00Z']);
    expect(nextRun(once, Date.parse('2026-05-01T10:00:00Z'))).toBeNull();
  });

  it('run every n minutes from their start, however long ago that was', () => {
    const often = of({
      kind: 'interval',
      start: '2020-01-01T00:05',
      every: 15,
      unit: 'minutes',
      until: null,
      count: null,
    });
    expect(iso(nextRuns(often, Date.parse('2026-05-01T10:05:00Z'), 2))).toEqual([
      '2026-05-01T10:20:00Z',
      '2026-05-01T10:35:00Z',
    ]);
  });

  it('run again when a run ended, until their last day or number of runs', () => {
    const again = of({
      kind: 'after-finish',
      start: '2026-05-01T10:00',
      delayMinutes: 30,
      until: '2026-05-03T00:00',
      count: 5,
    });
    expect(iso(nextRuns(again, 0, 3))).toEqual(['2026-05-01T10:00:00Z']);
    const ended = Date.parse('2026-05-01T11:07:30Z');
    expect(runAfterFinish(again, ended, 1)).toBe(Date.parse('2026-05-01T11:38:00Z'));
    expect(runAfterFinish(again, ended, 5)).toBeNull();
    expect(runAfterFinish(again, ended + 3 * dayMs, 1)).toBeNull();
  });
});
