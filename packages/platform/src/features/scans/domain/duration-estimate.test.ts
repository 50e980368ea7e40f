import { describe, expect, it } from 'vitest';
import { durationEstimate } from './duration-estimate.ts';

const run = (seconds: number, modelSeconds: number, startedAt = '2026-11-01T00:00:00.000Z') => ({
  seconds,
  modelSeconds,
  startedAt,
});

describe('durationEstimate', () => {
  it.each([
    [
      'nothing measured',
      [],
      600,
      { basis: 'model', seconds: 600, fromSeconds: 600, toSeconds: 600, scans: 0, since: null },
    ],
    [
      'one scan of another size',
      [run(30, 100)],
      1000,
      { basis: 'history', seconds: 300, fromSeconds: 300, toSeconds: 300, scans: 1 },
    ],
    ['longer than the model, for its checks', [run(250, 100)], 100, { basis: 'history', seconds: 250 }],
    [
      'one out of the ordinary',
      [run(10, 100), run(12, 100), run(900, 100)],
      100,
      { seconds: 12, fromSeconds: 10, toSeconds: 900, scans: 3 },
    ],
    ['an even number', [run(10, 100), run(20, 100)], 100, { seconds: 15 }],
    ['figures that say nothing', [run(0, 100), run(10, 0)], 100, { basis: 'model', seconds: 100, scans: 0 }],
    ['next to nothing to do', [run(1, 100)], 3, { basis: 'history', seconds: 1 }],
    ['wide ranges alone, of which the model knows nothing', [run(10, 100)], 0, { basis: 'model', seconds: 0 }],
  ] as const)('%s', (_, runs, model, expected) => {
    expect(durationEstimate(runs, model)).toMatchObject(expected);
  });

  it('names the oldest scan that it is measured by', () => {
    const runs = [run(1, 1, '2026-11-03T00:00:00.000Z'), run(1, 1, '2026-11-02T00:00:00.000Z')];
    expect(durationEstimate(runs, 10).since).toBe('2026-11-02T00:00:00.000Z');
  });
});
