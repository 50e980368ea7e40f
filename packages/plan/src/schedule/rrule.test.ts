import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRuns } from './next-runs.ts';
import { everyDay, type Schedule } from './recurrence.ts';
import { exportRrule } from './rrule-export.ts';
import { importRrule } from './rrule-import.ts';
import { someRrule } from './testing/some-rrule.ts';

const fallback = { zone: 'Europe/Berlin', start: '2026-01-05T01:30' };
const imported = (text: string): Schedule => {
  const schedule = importRrule(text, fallback);
  if (!schedule.ok) throw new Error(`${text}: ${schedule.error}`);
  return schedule.value;
};
const iso = (runs: readonly number[]) => runs.map((at) => new Date(at).toISOString());
const runsOf = (text: string, count: number) => iso(nextRuns(imported(text), Date.parse('2020-01-01'), count));

describe('an RRULE', () => {
  it('runs at the next valid minute where RFC 5545 leaves a local time out', () => {
    const line = 'DTSTART;TZID=Europe/Berlin:20260328T023000\nRRULE:FREQ=DAILY;COUNT=3';
    expect(runsOf(line, 9)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('takes zone and start from the form when it has none', () => {
    expect(runsOf('FREQ=WEEKLY;BYDAY=MO', 2)).toEqual(['2026-01-05T00:30:00.000Z', '2026-01-12T00:30:00.000Z']);
  });

  it('ends at UNTIL, given in UTC, as a local time or as a day', () => {
    const of = (until: string) =>
      runsOf(`DTSTART;TZID=Europe/Berlin:20260601T010000\nRRULE:FREQ=DAILY;UNTIL=${until}`, 9).length;
    expect([of('20260602T230000Z'), of('20260602T225959Z'), of('20260603T010000'), of('20260603')]).toEqual([
      3, 2, 3, 3,
    ]);
  });

  it('comes back from its own text', () => {
    fc.assert(
      fc.property(someRrule, (line) => {
        const schedule = importRrule(line, fallback);
        if (!schedule.ok) return;
        const written = exportRrule(schedule.value);
        expect(written.ok ? iso(nextRuns(imported(written.value), 0, 5)) : written.error).toEqual(
          iso(nextRuns(schedule.value, 0, 5)),
        );
      }),
    );
  });

  it('has words for the last day of a shorter month', () => {
    const schedule: Schedule = {
      zone: 'UTC',
      recurrence: {
        kind: 'calendar',
        start: '2026-01-30T01:00',
        rule: { ...everyDay, unit: 'months', monthDays: [30], shortMonth: 'last-day' },
        until: null,
        count: null,
      },
    };
    const written = exportRrule(schedule);
    expect(written).toEqual({
      ok: true,
      value: 'DTSTART;TZID=UTC:20260130T010000\nRRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1',
    });
    expect(written.ok && iso(nextRuns(imported(written.value), 0, 4))).toEqual(iso(nextRuns(schedule, 0, 4)));
  });

  it.each([
    ['', 'There is no RRULE'],
    ['RRULE:FREQ=SECONDLY', 'at most once a minute'],
    ['RRULE:FREQ=HOURLY;BYHOUR=9,10', 'Write FREQ=DAILY'],
    ['RRULE:FREQ=YEARLY;BYWEEKNO=20', 'weeks of the year'],
    ['RRULE:FREQ=YEARLY;BYYEARDAY=100', 'days of the year'],
    ['RRULE:FREQ=DAILY\nEXDATE:20260101T000000Z', 'blackout window'],
    ['RRULE:FREQ=DAILY\nRDATE:20260101T000000Z', "can't be kept"],
    ['RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY', 'two RRULEs'],
    ['DTSTART;TZID=Mars/Base:20260101T000000\nRRULE:FREQ=DAILY', 'no IANA time zone'],
    ['DTSTART;TZID=UTC:20260101T000030\nRRULE:FREQ=DAILY', 'is no start'],
    ['RRULE:FREQ=WEEKLY;BYDAY=2MO', 'months or years'],
    ['RRULE:FREQ=DAILY;INTERVAL=0', '"Every" is 1'],
    ['RRULE:FREQ=DAILY;BYSETPOS=1', 'picks from'],
    ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never run'],
    ['RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101', 'not both'],
    ['RRULE:FREQ=DAILY;BYHOUR=24', 'BYHOUR is'],
    ['RRULE:FREQ=DAILY;FOO=1', 'no part of an RRULE'],
  ])('is refused when it cannot be kept: %s', (line, message) => {
    const schedule = importRrule(line, fallback);
    expect(schedule.ok ? '' : schedule.error).toContain(message);
  });
});
