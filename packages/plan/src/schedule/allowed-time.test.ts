import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedMs, allowedSpans, allowedStretch, isAllowedAt } from './allowed-time.ts';
import { dayMs, formatMinutes, hourMs, minuteMs, parseMinutes, type Weekday, weekdayOf } from './civil.ts';
import { weeklyWindow, windowCases } from './testing/schedule-cases.ts';
import type { TimeWindow } from './time-window.ts';
import { windowFaults } from './window-faults.ts';
import { wallAt } from './zone.ts';

const text = (at: number | null | undefined) =>
  at === null || at === undefined ? null : new Date(at).toISOString().replace('.000', '');
const weekNights = weeklyWindow('allow', 'Europe/Berlin', { days: [1, 2, 3, 4, 5], from: '22:00', to: '06:00' });
const freeze: TimeWindow = {
  kind: 'blackout',
  zone: 'Europe/Berlin',
  weekly: [],
  dates: [{ from: '2026-12-24T00:00', to: '2027-01-02T00:00' }],
};

describe('allowed time across changes of the clocks', () => {
  it.each(windowCases)('$title', ({ windows, span: [from, to], allowed }) => {
    const spans = allowedSpans(windows, { from: Date.parse(from), to: Date.parse(to) });
    expect(spans.map((one) => [text(one.from), text(one.to)])).toEqual(allowed);
  });
});

const someWindow: fc.Arbitrary<TimeWindow> = fc.record({
  kind: fc.constantFrom('allow', 'blackout'),
  zone: fc.constantFrom(
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'America/New_York',
    'Africa/Casablanca',
    'Asia/Kathmandu',
  ),
  weekly: fc.array(
    fc.record({
      days: fc.uniqueArray(fc.constantFrom<Weekday>(1, 2, 3, 4, 5, 6, 7), { minLength: 1 }),
      from: fc.nat(1439).map(formatMinutes),
      to: fc.nat(1440).map(formatMinutes),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  dates: fc.constant([]),
});
const someInstant = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') });

/** The plain words of a window: what the clock on the wall shows, minute by minute. */
function showsTimeOf(window: TimeWindow, at: number): boolean {
  const wall = wallAt(window.zone, at);
  const day = Math.floor(wall / dayMs);
  const minute = (wall - day * dayMs) / minuteMs;
  return window.weekly.some(({ days, from, to }) => {
    const [begin = 0, end = 0] = [parseMinutes(from) ?? 0, parseMinutes(to) ?? 0];
    const over = end > begin ? end : end + 1440;
    const today = days.includes(weekdayOf(day)) && minute >= begin && minute < over;
    return today || (days.includes(weekdayOf(day - 1)) && minute + 1440 >= begin && minute + 1440 < over);
  });
}

describe('allowed time', () => {
  it('is what the wall clocks show: in an allow window, if there is one, and in no blackout', () => {
    fc.assert(
      fc.property(fc.array(someWindow, { maxLength: 3 }), someInstant, (windows, at) => {
        const allow = windows.filter((window) => window.kind === 'allow');
        const expected =
          (allow.length === 0 || allow.some((window) => showsTimeOf(window, at))) &&
          !windows.some((window) => window.kind === 'blackout' && showsTimeOf(window, at));
        expect(isAllowedAt(windows, at)).toBe(expected);
      }),
    );
  });

  it('of a span is the sum of its parts, and the stretch at an instant begins and ends where it changes', () => {
    fc.assert(
      fc.property(fc.array(someWindow, { maxLength: 3 }), someInstant, fc.nat(20 * dayMs), (windows, from, length) => {
        const middle = from + Math.floor(length / 3);
        const to = from + length;
        const parts = allowedMs(windows, { from, to: middle }) + allowedMs(windows, { from: middle, to });
        expect(allowedMs(windows, { from, to })).toBe(parts);
        const stretch = allowedStretch(windows, from);
        if (stretch === null) return;
        expect(isAllowedAt(windows, stretch.from)).toBe(true);
        expect(stretch.from === from || !isAllowedAt(windows, stretch.from - 1)).toBe(true);
        if (stretch.to !== null) {
          expect(isAllowedAt(windows, stretch.to)).toBe(false);
          expect(allowedMs(windows, { from: stretch.from, to: stretch.to })).toBe(stretch.to - stretch.from);
        }
      }),
    );
  });

  it('is now, with the end of the night, or next, with its beginning', () => {
    const monday = Date.parse('2026-06-01T21:00:00Z');
    expect(text(allowedStretch([weekNights], monday)?.to)).toBe('2026-06-02T04:00:00Z');
    const saturday = Date.parse('2026-06-06T12:00:00Z');
    const next = allowedStretch([weekNights], saturday);
    expect([text(next?.from), text(next?.to)]).toEqual(['2026-06-08T20:00:00Z', '2026-06-09T04:00:00Z']);
  });

  it('has no end without windows, or in a window of the whole week', () => {
    const at = Date.parse('2026-06-01T00:00:00Z');
    expect(allowedStretch([], at)).toEqual({ from: at, to: null });
    const always = weeklyWindow('allow', 'Europe/Berlin', { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' });
    expect(allowedStretch([always], at)).toEqual({ from: at, to: null });
  });

  it('never comes when a blackout covers all that is allowed', () => {
    const day = weeklyWindow('blackout', 'Europe/Berlin', { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' });
    expect(allowedStretch([weekNights, day], Date.parse('2026-06-01'))).toBeNull();
  });

  it('is cut by a freeze of dates', () => {
    const eve = Date.parse('2026-12-23T21:30:00Z');
    const stretch = allowedStretch([weekNights, freeze], eve);
    expect(text(stretch?.to)).toBe('2026-12-23T23:00:00Z');
    const after = allowedStretch([weekNights, freeze], stretch?.to ?? 0);
    expect(text(after?.from)).toBe('2027-01-01T23:00:00Z');
    expect(allowedMs([weekNights, freeze], { from: eve, to: eve + 3 * dayMs })).toBe(1.5 * hourMs);
  });
});

describe('faults of a window', () => {
  it('name the field and the way out', () => {
    expect(windowFaults(weekNights)).toEqual([]);
    const bad: TimeWindow = {
      kind: 'allow',
      zone: '+02:00',
      weekly: [{ days: [], from: '24:00', to: '25:00' }],
      dates: [{ from: '2026-02-30T00:00', to: '2026-01-01T00:00' }],
    };
    expect(windowFaults(bad).map(({ field }) => field)).toEqual([
      'zone',
      'weekly.0.days',
      'weekly.0.from',
      'weekly.0.to',
      'dates.0.from',
    ]);
  });
});
