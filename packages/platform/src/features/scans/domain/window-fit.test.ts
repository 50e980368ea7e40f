import type { TimeWindow } from '@picket/plan/schedule/time-window';
import { describe, expect, it } from 'vitest';
import { windowFit } from './window-fit.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7] as const;
const nightly = (zone: string, from: string, to: string, kind: 'allow' | 'blackout' = 'allow'): TimeWindow => ({
  kind,
  zone,
  weekly: [{ days: [...everyDay], from, to }],
  dates: [],
});
const at = (text: string) => Date.parse(text);
const hours = (count: number) => count * 3_600_000;
const berlin = nightly('Europe/Berlin', '01:00', '04:00');
const evening = at('2026-06-10T20:00:00Z');

describe('windowFit', () => {
  it('needs one stretch without any window', () => {
    expect(windowFit([], evening, hours(30), undefined)).toEqual({
      opensAt: evening,
      fits: true,
      runs: 1,
      endsAt: evening + hours(30),
      cut: false,
    });
  });

  const rows = [
    ['fits the night', [berlin], evening, 3, undefined, true, 1, '2026-06-11T02:00:00Z'],
    ['needs three nights', [berlin], evening, 7, undefined, false, 3, '2026-06-13T00:00:00Z'],
    ['began inside of one', [berlin], at('2026-06-11T01:00:00Z'), 2, undefined, false, 2, '2026-06-12T00:00:00Z'],
    [
      'New York, other hours',
      [nightly('America/New_York', '01:00', '04:00')],
      evening,
      3,
      undefined,
      true,
      1,
      '2026-06-11T08:00:00Z',
    ],
    [
      'over midnight',
      [nightly('Europe/Berlin', '22:00', '02:00')],
      at('2026-06-10T12:00:00Z'),
      6,
      undefined,
      false,
      2,
      '2026-06-11T22:00:00Z',
    ],
    // 2026-03-29: the clocks go from 02:00 to 03:00; the night has two hours.
    ['the short night of spring', [berlin], at('2026-03-28T20:00:00Z'), 3, undefined, false, 2, '2026-03-30T00:00:00Z'],
    // 2026-10-25: the clocks go from 03:00 back to 02:00; the night has four hours.
    ['the long night of autumn', [berlin], at('2026-10-24T20:00:00Z'), 4, undefined, true, 1, '2026-10-25T03:00:00Z'],
    [
      'a window that the spring night does not have',
      [nightly('Europe/Berlin', '02:00', '03:00')],
      at('2026-03-28T20:00:00Z'),
      1,
      undefined,
      true,
      1,
      '2026-03-30T01:00:00Z',
    ],
    [
      'a blackout at noon splits the day',
      [nightly('UTC', '12:00', '13:00', 'blackout')],
      at('2026-06-10T10:00:00Z'),
      4,
      undefined,
      false,
      2,
      '2026-06-10T15:00:00Z',
    ],
    [
      'two hours a night at the longest',
      [berlin],
      evening,
      3,
      { hours: 2, action: 'pause' },
      false,
      2,
      '2026-06-12T00:00:00Z',
    ],
  ] as const;
  it.each(rows)('%s', (...[, windows, start, need, longest, fits, runs, ends]) => {
    const fit = windowFit(windows, start, hours(need), longest);
    expect({ ...fit, endsAt: fit.endsAt === null ? null : new Date(fit.endsAt).toISOString() }).toMatchObject({
      fits,
      runs,
      endsAt: new Date(ends).toISOString(),
      cut: false,
    });
  });

  it('is canceled by its longest run', () => {
    const fit = windowFit([berlin], evening, hours(3), { hours: 1, action: 'cancel' });
    expect(fit).toEqual({
      opensAt: at('2026-06-10T23:00:00Z'),
      fits: false,
      runs: 1,
      endsAt: at('2026-06-11T00:00:00Z'),
      cut: true,
    });
  });

  it('foresees no end where somebody has to resume it, where it never opens, or where it takes years', () => {
    const none = { fits: false, runs: null, endsAt: null, cut: false };
    expect(windowFit([], evening, hours(3), { hours: 1, action: 'pause' })).toMatchObject({
      ...none,
      opensAt: evening,
    });
    const past: TimeWindow = {
      kind: 'allow',
      zone: 'UTC',
      weekly: [],
      dates: [{ from: '2020-01-01T00:00', to: '2020-01-02T00:00' }],
    };
    expect(windowFit([past], evening, hours(3), undefined)).toEqual({ ...none, opensAt: null });
    expect(windowFit([berlin], evening, hours(3 * 500), undefined)).toMatchObject(none);
  });
});
