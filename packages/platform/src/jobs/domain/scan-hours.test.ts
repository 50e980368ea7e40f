import { describe, expect, it } from 'vitest';
import { limitEndsAt, type NamedWindow, scanHours } from './scan-hours.ts';

const nights: NamedWindow = {
  name: 'Nights',
  kind: 'allow',
  zone: 'Europe/Berlin',
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }],
  dates: [],
};
const hour = 3_600_000;
/** 23:00 of a Monday in Berlin, winter time. */
const began = Date.parse('2026-11-30T22:00:00Z');
const of = (hours: number, windows: readonly NamedWindow[] = [nights]) => ({
  windows,
  holdUntil: null,
  longestMs: hours * hour,
  runningSince: began,
});

describe('how long a job may run at a stretch', () => {
  it('counts from its beginning where no window shuts', () => {
    expect(limitEndsAt(of(10, []), began + 9 * hour)).toBe(began + 10 * hour);
    expect(limitEndsAt(of(3), began + 2 * hour)).toBe(began + 3 * hour);
    expect(scanHours(of(3), began + 3 * hour)).toMatchObject({ open: false, opensAt: null });
  });

  it('begins anew with the window: hours that it was shut, and those before, do not count', () => {
    // By day it waits for the night, however long ago it began.
    expect(scanHours(of(10), began + 12 * hour)).toMatchObject({ open: false, opensAt: began + 23 * hour });
    // At 01:00 of the next night it has run three hours of it.
    expect(limitEndsAt(of(10), began + 26 * hour)).toBe(began + 33 * hour);
    expect(scanHours(of(10), began + 26 * hour)).toEqual({ open: true, until: began + 31 * hour });
    expect(scanHours(of(2), began + 26 * hour)).toMatchObject({ open: false, opensAt: null });
  });

  it('counts from now for a job that does not run yet', () => {
    expect(limitEndsAt({ ...of(2), runningSince: null }, began)).toBe(began + 2 * hour);
  });
});
