import { everyDay } from '../recurrence.ts';
import type { Schedule } from '../recurrence.ts';
import type { TimeWindow, WeeklyTimes } from '../time-window.ts';

/** A schedule and its runs as RFC 9557 would write them, in UTC. */
export interface DaylightCase {
  readonly title: string;
  readonly schedule: Schedule;
  readonly after: string;
  readonly runs: readonly string[];
}

export function dailyAt(zone: string, start: string, ...times: readonly string[]): Schedule {
  return { zone, recurrence: { kind: 'calendar', start, rule: { ...everyDay, times }, until: null, count: null } };
}

function everyHours(zone: string, start: string, every: number): Schedule {
  return { zone, recurrence: { kind: 'interval', start, every, unit: 'hours', until: null, count: null } };
}

/** What daily and hourly schedules do about the changes of the clocks; held under several zones of the process. */
export const daylightCases: readonly DaylightCase[] = [
  {
    title: 'Berlin, forward: 02:30 does not exist and runs at 03:00',
    schedule: dailyAt('Europe/Berlin', '2026-03-01T02:30'),
    after: '2026-03-27T12:00:00Z',
    runs: ['2026-03-28T01:30:00Z', '2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'],
  },
  {
    title: 'Berlin, back: 02:30 comes twice and runs the first time alone',
    schedule: dailyAt('Europe/Berlin', '2026-10-01T02:30'),
    after: '2026-10-23T12:00:00Z',
    runs: ['2026-10-24T00:30:00Z', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
  },
  {
    title: 'Berlin, forward: two times of the hour that is left out are one run',
    schedule: dailyAt('Europe/Berlin', '2026-03-01T00:00', '02:15', '02:45', '04:00'),
    after: '2026-03-28T12:00:00Z',
    runs: ['2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z', '2026-03-30T00:15:00Z', '2026-03-30T00:45:00Z'],
  },
  {
    title: 'Berlin, forward: every 6 hours stays six hours',
    schedule: everyHours('Europe/Berlin', '2026-03-28T20:00', 6),
    after: '2026-03-28T00:00:00Z',
    runs: ['2026-03-28T19:00:00Z', '2026-03-29T01:00:00Z', '2026-03-29T07:00:00Z'],
  },
  {
    title: 'New York, forward',
    schedule: dailyAt('America/New_York', '2026-01-01T02:30'),
    after: '2026-03-07T00:00:00Z',
    runs: ['2026-03-07T07:30:00Z', '2026-03-08T07:00:00Z', '2026-03-09T06:30:00Z'],
  },
  {
    title: 'New York, back',
    schedule: dailyAt('America/New_York', '2026-01-01T01:30'),
    after: '2026-10-31T00:00:00Z',
    runs: ['2026-10-31T05:30:00Z', '2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z'],
  },
  {
    title: 'Lord Howe, forward by half an hour: 02:15 runs at 02:30',
    schedule: dailyAt('Australia/Lord_Howe', '2026-09-01T02:15'),
    after: '2026-10-02T12:00:00Z',
    runs: ['2026-10-02T15:45:00Z', '2026-10-03T15:30:00Z', '2026-10-04T15:15:00Z'],
  },
  {
    title: 'Lord Howe, back by half an hour: 01:45 runs the first time alone',
    schedule: dailyAt('Australia/Lord_Howe', '2026-03-01T01:45'),
    after: '2026-04-03T12:00:00Z',
    runs: ['2026-04-03T14:45:00Z', '2026-04-04T14:45:00Z', '2026-04-05T15:15:00Z'],
  },
  {
    title: 'Sao Paulo, forward at midnight: 00:30 runs at 01:00',
    schedule: dailyAt('America/Sao_Paulo', '2018-10-01T00:30'),
    after: '2018-11-03T00:00:00Z',
    runs: ['2018-11-03T03:30:00Z', '2018-11-04T03:00:00Z', '2018-11-05T02:30:00Z'],
  },
  {
    title: 'Sao Paulo, back at midnight: 23:30 of the evening before comes twice',
    schedule: dailyAt('America/Sao_Paulo', '2019-02-01T23:30'),
    after: '2019-02-16T12:00:00Z',
    runs: ['2019-02-17T01:30:00Z', '2019-02-18T02:30:00Z'],
  },
  {
    title: 'Tehran, forward and never again after 2022',
    schedule: dailyAt('Asia/Tehran', '2022-03-01T00:30'),
    after: '2022-03-20T12:00:00Z',
    runs: ['2022-03-20T21:00:00Z', '2022-03-21T20:30:00Z', '2022-03-22T20:00:00Z'],
  },
  {
    title: 'Casablanca: back for Ramadan, on a Sunday in February',
    schedule: dailyAt('Africa/Casablanca', '2026-02-01T02:30'),
    after: '2026-02-13T12:00:00Z',
    runs: ['2026-02-14T01:30:00Z', '2026-02-15T01:30:00Z', '2026-02-16T02:30:00Z'],
  },
  {
    title: 'Casablanca: forward after it',
    schedule: dailyAt('Africa/Casablanca', '2026-02-01T02:30'),
    after: '2026-03-20T12:00:00Z',
    runs: ['2026-03-21T02:30:00Z', '2026-03-22T02:00:00Z', '2026-03-23T01:30:00Z'],
  },
  {
    title: 'Apia: a day that never was begins and ends at its midnight',
    schedule: dailyAt('Pacific/Apia', '2011-12-01T01:00'),
    after: '2011-12-29T00:00:00Z',
    runs: ['2011-12-29T11:00:00Z', '2011-12-30T10:00:00Z', '2011-12-30T11:00:00Z', '2011-12-31T11:00:00Z'],
  },
  {
    title: 'Kathmandu: a quarter of an hour off, and the clocks never change',
    schedule: dailyAt('Asia/Kathmandu', '2026-01-01T02:30'),
    after: '2026-03-28T12:00:00Z',
    runs: ['2026-03-28T20:45:00Z', '2026-03-29T20:45:00Z'],
  },
];

/** A window and its allowed stretches around a change of the clocks, in UTC. */
export interface WindowCase {
  readonly title: string;
  readonly windows: readonly TimeWindow[];
  readonly span: readonly [string, string];
  readonly allowed: readonly (readonly [string, string])[];
}

export function weeklyWindow(kind: TimeWindow['kind'], zone: string, ...weekly: readonly WeeklyTimes[]): TimeWindow {
  return { kind, zone, weekly, dates: [] };
}

const nightly = (from: string, to: string): WeeklyTimes => ({ days: [1, 2, 3, 4, 5, 6, 7], from, to });

/** What windows do about the changes of the clocks: the clock on the wall decides. */
export const windowCases: readonly WindowCase[] = [
  {
    title: 'Berlin, forward: a night from 22:00 to 06:00 has seven hours',
    windows: [weeklyWindow('allow', 'Europe/Berlin', nightly('22:00', '06:00'))],
    span: ['2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z'],
    allowed: [['2026-03-28T21:00:00Z', '2026-03-29T04:00:00Z']],
  },
  {
    title: 'Berlin, back: a night from 22:00 to 06:00 has nine hours',
    windows: [weeklyWindow('allow', 'Europe/Berlin', nightly('22:00', '06:00'))],
    span: ['2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z'],
    allowed: [['2026-10-24T20:00:00Z', '2026-10-25T05:00:00Z']],
  },
  {
    title: 'Berlin, forward: 02:15 to 02:45 is left out',
    windows: [weeklyWindow('allow', 'Europe/Berlin', nightly('02:15', '02:45'))],
    span: ['2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z'],
    allowed: [],
  },
  {
    title: 'Berlin, back: an allowed 02:15 to 02:45 comes twice, with a pause between',
    windows: [weeklyWindow('allow', 'Europe/Berlin', nightly('02:15', '02:45'))],
    span: ['2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z'],
    allowed: [
      ['2026-10-25T00:15:00Z', '2026-10-25T00:45:00Z'],
      ['2026-10-25T01:15:00Z', '2026-10-25T01:45:00Z'],
    ],
  },
  {
    title: 'Berlin, back: a blackout until 02:30 holds the second time too',
    windows: [weeklyWindow('blackout', 'Europe/Berlin', nightly('00:00', '02:30'))],
    span: ['2026-10-24T22:00:00Z', '2026-10-25T03:00:00Z'],
    allowed: [
      ['2026-10-25T00:30:00Z', '2026-10-25T01:00:00Z'],
      ['2026-10-25T01:30:00Z', '2026-10-25T03:00:00Z'],
    ],
  },
  {
    title: 'New York, forward',
    windows: [weeklyWindow('allow', 'America/New_York', nightly('01:00', '04:00'))],
    span: ['2026-03-08T00:00:00Z', '2026-03-08T12:00:00Z'],
    allowed: [['2026-03-08T06:00:00Z', '2026-03-08T08:00:00Z']],
  },
  {
    title: 'New York, back',
    windows: [weeklyWindow('allow', 'America/New_York', nightly('01:00', '04:00'))],
    span: ['2026-11-01T00:00:00Z', '2026-11-01T12:00:00Z'],
    allowed: [['2026-11-01T05:00:00Z', '2026-11-01T09:00:00Z']],
  },
  {
    title: 'Lord Howe, forward by half an hour',
    windows: [weeklyWindow('allow', 'Australia/Lord_Howe', nightly('01:00', '03:00'))],
    span: ['2026-10-03T12:00:00Z', '2026-10-04T00:00:00Z'],
    allowed: [['2026-10-03T14:30:00Z', '2026-10-03T16:00:00Z']],
  },
  {
    title: 'Lord Howe, back by half an hour',
    windows: [weeklyWindow('allow', 'Australia/Lord_Howe', nightly('01:00', '03:00'))],
    span: ['2026-04-04T12:00:00Z', '2026-04-05T00:00:00Z'],
    allowed: [['2026-04-04T14:00:00Z', '2026-04-04T16:30:00Z']],
  },
  {
    title: 'Sao Paulo, forward at midnight',
    windows: [weeklyWindow('allow', 'America/Sao_Paulo', nightly('23:00', '02:00'))],
    span: ['2018-11-03T12:00:00Z', '2018-11-04T12:00:00Z'],
    allowed: [['2018-11-04T02:00:00Z', '2018-11-04T04:00:00Z']],
  },
  {
    title: 'Sao Paulo, back at midnight: the hour from 23:00 counts both times',
    windows: [weeklyWindow('blackout', 'America/Sao_Paulo', nightly('23:00', '24:00'))],
    span: ['2019-02-17T00:00:00Z', '2019-02-17T06:00:00Z'],
    allowed: [
      ['2019-02-17T00:00:00Z', '2019-02-17T01:00:00Z'],
      ['2019-02-17T03:00:00Z', '2019-02-17T06:00:00Z'],
    ],
  },
  {
    title: 'Casablanca, back for Ramadan',
    windows: [weeklyWindow('allow', 'Africa/Casablanca', nightly('01:00', '05:00'))],
    span: ['2026-02-14T12:00:00Z', '2026-02-15T12:00:00Z'],
    allowed: [['2026-02-15T00:00:00Z', '2026-02-15T05:00:00Z']],
  },
  {
    title: 'Casablanca, forward after it',
    windows: [weeklyWindow('allow', 'Africa/Casablanca', nightly('01:00', '05:00'))],
    span: ['2026-03-21T12:00:00Z', '2026-03-22T12:00:00Z'],
    allowed: [['2026-03-22T01:00:00Z', '2026-03-22T04:00:00Z']],
  },
  {
    title: 'Apia: of a Friday that never was nothing is left',
    windows: [weeklyWindow('allow', 'Pacific/Apia', { days: [5], from: '08:00', to: '18:00' })],
    span: ['2011-12-28T00:00:00Z', '2012-01-02T00:00:00Z'],
    allowed: [],
  },
  {
    title: 'Kathmandu: the clocks never change',
    windows: [weeklyWindow('allow', 'Asia/Kathmandu', nightly('22:00', '06:00'))],
    span: ['2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z'],
    allowed: [['2026-03-28T16:15:00Z', '2026-03-29T00:15:00Z']],
  },
  {
    title: 'windows of two zones: each goes by its own clock, and the blackout wins',
    windows: [
      weeklyWindow('allow', 'Europe/Berlin', nightly('22:00', '06:00')),
      weeklyWindow('blackout', 'America/New_York', nightly('17:30', '19:00')),
    ],
    span: ['2026-03-09T12:00:00Z', '2026-03-10T12:00:00Z'],
    allowed: [
      ['2026-03-09T21:00:00Z', '2026-03-09T21:30:00Z'],
      ['2026-03-09T23:00:00Z', '2026-03-10T05:00:00Z'],
    ],
  },
];
