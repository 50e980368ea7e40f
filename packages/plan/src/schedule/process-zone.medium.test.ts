import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { allowedSpans } from './allowed-time.ts';
import { nextRuns } from './next-runs.ts';
import { daylightCases, windowCases } from './testing/schedule-cases.ts';

/** Prints every run and stretch of the tables, with the zone of the process it runs in. */
const program = `
  import { allowedSpans } from './allowed-time.ts';
  import { nextRuns } from './next-runs.ts';
  import { daylightCases, windowCases } from './testing/schedule-cases.ts';
  const runs = daylightCases.map(({ schedule, after }) => nextRuns(schedule, Date.parse(after), 10));
  const spans = windowCases.map(({ windows, span: [from, to] }) => allowedSpans(windows, { from: Date.parse(from), to: Date.parse(to) }));
  process.stdout.write(JSON.stringify({ offset: new Date(Date.parse('2026-07-01')).getTimezoneOffset(), runs, spans }));`;

describe('the zone of the process', () => {
  it.each([
    ['UTC', 0],
    ['America/New_York', 240],
    ['Pacific/Auckland', -720],
  ])('changes no run and no window: %s', (zone, offset) => {
    const told = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      cwd: import.meta.dirname,
      env: { ...process.env, TZ: zone },
      encoding: 'utf8',
    });
    const runs = daylightCases.map(({ schedule, after }) => nextRuns(schedule, Date.parse(after), 10));
    const spans = windowCases.map(({ windows, span: [from, to] }) =>
      allowedSpans(windows, { from: Date.parse(from), to: Date.parse(to) }),
    );
    expect(JSON.parse(told)).toEqual({ offset, runs, spans });
  });
});
