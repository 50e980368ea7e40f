import fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { describe, expect, it } from 'vitest';
import { nextRuns } from './next-runs.ts';
import { importRrule } from './rrule-import.ts';
import { someRrule } from './testing/some-rrule.ts';

const iso = (runs: readonly number[]) => runs.map((at) => new Date(at).toISOString());

/** What another implementation of RFC 5545 says; it throws when it has looked in vain for long. */
function independent(text: string, count: number): readonly string[] {
  const rule = new RRuleTemporal({ rruleString: text, maxIterations: 5000 });
  return rule.all((_, index) => index < count).map((at) => new Date(at.epochMilliseconds).toISOString());
}

describe('an RRULE, by another implementation', () => {
  it('has the same runs where no zone is in play', () => {
    fc.assert(
      fc.property(someRrule, (line) => {
        const schedule = importRrule(line, { zone: 'UTC', start: '2026-01-05T01:30' });
        if (schedule.ok) expect(iso(nextRuns(schedule.value, 0, 6)), line).toEqual(independent(line, 6));
        else expect(() => expect(independent(line, 1), schedule.error).not.toEqual([]), line).toThrow();
      }),
    );
  });

  it('leaves out a local time that does not exist, and a schedule does not', () => {
    const line = 'DTSTART;TZID=Europe/Berlin:20260328T023000\nRRULE:FREQ=DAILY;COUNT=3';
    expect(independent(line, 3)).not.toContain('2026-03-29T01:00:00.000Z');
    const schedule = importRrule(line, { zone: 'UTC', start: '2026-01-05T01:30' });
    expect(schedule.ok && iso(nextRuns(schedule.value, 0, 3))).toContain('2026-03-29T01:00:00.000Z');
  });
});
