import type { Schedule, ScheduleRun } from '@picket/contracts/api/schedule';
import type { TimeWindowItem } from '@picket/contracts/api/time-window';
import { everyDay } from '@picket/plan/schedule/recurrence';
import { ago } from './fixture-data.ts';

const saved = { openJobs: 0, updatedAt: ago(600), updatedBy: 'manager' };

/** Windows of the sample: one open, a freeze that comes. */
export const sampleWindows: TimeWindowItem[] = [
  {
    ...saved,
    id: 1,
    name: 'Nights',
    kind: 'allow',
    zone: 'Europe/Berlin',
    weekly: [
      { days: [1, 2, 3, 4, 5], from: '22:00', to: '06:00' },
      { days: [6, 7], from: '00:00', to: '24:00' },
    ],
    dates: [],
    everywhere: false,
    now: true,
    changesAt: ago(-120),
    openJobs: 1,
  },
  {
    ...saved,
    id: 2,
    name: 'Close of the year',
    kind: 'blackout',
    zone: 'America/New_York',
    weekly: [],
    dates: [{ from: '2026-12-24T00:00', to: '2027-01-02T06:00' }],
    everywhere: true,
    now: false,
    changesAt: ago(-60 * 24 * 20),
  },
];

const launched: ScheduleRun = {
  dueAt: ago(60 * 24),
  at: ago(60 * 24),
  outcome: 'launched',
  reason: null,
  detail: null,
  scanId: 9,
  manual: false,
};
const missed: ScheduleRun = {
  ...launched,
  dueAt: ago(60 * 8),
  at: ago(60 * 8),
  outcome: 'missed',
  reason: 'no-appliance',
  detail: 'No appliance of Branch was online.',
  scanId: null,
};

const scan: Schedule['scan'] = {
  kind: 'scan',
  networkId: 1,
  targets: '10.20.0.0/22',
  assetGroupIds: [],
  exclude: '',
  ports: 'top1000',
  profile: 'normal',
  assumeAlive: false,
  services: true,
  checks: true,
  intrusive: false,
  applianceIds: [],
  title: '',
  windowIds: [1],
};

/** Schedules of the sample: one that runs, one that missed its runs. */
export const sampleSchedules: Schedule[] = [
  {
    id: 1,
    name: 'Head office, weekly',
    zone: 'Europe/Berlin',
    recurrence: {
      kind: 'calendar',
      start: '2026-11-02T22:30',
      until: null,
      count: null,
      rule: {
        ...everyDay,
        unit: 'weeks',
        weekdays: [{ day: 1, nth: null }],
        monthDays: [],
        months: [],
        positions: [],
        times: [],
      },
    },
    scan,
    enabled: true,
    overlap: 'skip',
    catchUpMinutes: 720,
    description: 'Every week on Mon at 22:30, Europe/Berlin',
    owner: 'manager',
    nextAt: ago(-60 * 30),
    lastRun: launched,
    missed: 0,
    runs: 4,
  },
  {
    id: 2,
    name: 'Branch, hourly map',
    zone: 'America/New_York',
    recurrence: { kind: 'interval', start: '2026-11-02T08:00', every: 6, unit: 'hours', until: null, count: null },
    scan: { ...scan, kind: 'map', networkId: 2, targets: '192.168.7.0/24' },
    enabled: true,
    overlap: 'queue',
    catchUpMinutes: 0,
    description: 'Every 6 hours from 2026-11-02 08:00 (elapsed time), America/New_York',
    owner: 'manager',
    nextAt: ago(-90),
    lastRun: missed,
    missed: 2,
    runs: 7,
  },
];

/** Runs of a schedule, newest first. */
export function sampleScheduleRuns(id: number): readonly ScheduleRun[] {
  if (id === 1) return [{ ...launched, dueAt: ago(40), at: ago(40), manual: true }, launched];
  return [
    missed,
    { ...missed, dueAt: ago(60 * 14), at: ago(60 * 14), reason: 'platform-down', detail: null },
    launched,
  ];
}

/** Answers a change of windows and schedules; the sample itself stays. */
export function answerScheduleChange(method: string, path: string, body: unknown) {
  const [, place, , part] = path.split('/');
  if (place !== 'windows' && place !== 'schedules') return null;
  if (method === 'DELETE') return { status: 204, body: null };
  if (part === 'run')
    return { status: 200, body: { ...launched, dueAt: ago(0), at: ago(0), scanId: 12, manual: true } };
  const [first] = place === 'windows' ? sampleWindows : sampleSchedules;
  return { status: method === 'POST' ? 201 : 200, body: { ...first, ...Object(body) } };
}
