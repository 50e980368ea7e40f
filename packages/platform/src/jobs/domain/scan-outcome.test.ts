import { describe, expect, it } from 'vitest';
import { scanOutcome } from './scan-outcome.ts';

describe('scanOutcome', () => {
  it.each([
    [{ done: 3, notEvaluable: 0, cancelled: 0, open: 0 }, 'done', true],
    [{ done: 0, notEvaluable: 0, cancelled: 0, open: 0 }, 'done', false],
    [{ done: 3, notEvaluable: 1, cancelled: 0, open: 0 }, 'done', false],
    [{ done: 3, notEvaluable: 0, cancelled: 2, open: 0 }, 'done', false],
    [{ done: 0, notEvaluable: 2, cancelled: 0, open: 0 }, 'failed', false],
    [{ done: 0, notEvaluable: 0, cancelled: 0, open: 1 }, 'failed', false],
  ] as const)('%j is %s, complete %s', (totals, event, complete) => {
    expect(scanOutcome(totals, null)).toMatchObject({ event, complete });
  });

  it('says of a job with nothing left that nothing was scanned', () => {
    expect(scanOutcome({ done: 0, notEvaluable: 0, cancelled: 0, open: 0 }, null).reason).toContain(
      'Nothing was scanned',
    );
  });

  it('says of a job that addresses were taken out of that it is smaller than it was', () => {
    const totals = { done: 3, notEvaluable: 0, cancelled: 0, open: 0 };
    expect(scanOutcome(totals, null, true)).toMatchObject({
      complete: true,
      reason: expect.stringContaining('excluded'),
    });
    expect(scanOutcome(totals, null, false).reason).toBeNull();
  });

  it('passes on why nothing could run', () => {
    expect(
      scanOutcome({ done: 0, notEvaluable: 1, cancelled: 0, open: 0 }, 'The allow-list refused it.').reason,
    ).toContain('The allow-list refused it.');
  });
});
