import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PhaseCounts, progressOf } from './progress.ts';

const counts = (phase: PhaseCounts['phase'], total: number, ended: number, endedBefore = 0): PhaseCounts => ({
  phase,
  total,
  ended,
  endedBefore,
});

describe('progressOf', () => {
  it('is 0 before anything ended and 1 when all did', () => {
    expect(progressOf([counts('discovery', 4, 0), counts('ports', 0, 0)], 60).progress).toBe(0);
    expect(progressOf([counts('discovery', 4, 4), counts('ports', 3, 3)], 60)).toEqual({ progress: 1, etaSeconds: 0 });
  });

  it('is 1 for a job that found no host', () => {
    expect(progressOf([counts('discovery', 4, 4), counts('ports', 0, 0), counts('checks', 0, 0)], 60).progress).toBe(1);
  });

  it('lets a finished host count only for the discovered share', () => {
    const half = progressOf([counts('discovery', 4, 2), counts('ports', 1, 1)], 60).progress;
    expect(half).toBeCloseTo(0.5);
  });

  it('takes the time left from the recent pace, and says nothing when nothing moved', () => {
    expect(progressOf([counts('discovery', 10, 5, 0)], 50).etaSeconds).toBe(50);
    expect(progressOf([counts('discovery', 10, 5, 5)], 50).etaSeconds).toBeNull();
  });

  it('waits for the slowest remaining phase, however fast the others were', () => {
    const fast = [counts('discovery', 1, 1), counts('ports', 30, 30), counts('services', 30, 30)];
    expect(progressOf([...fast, counts('checks', 30, 10)], 50).etaSeconds).toBe(100);
    expect(progressOf([...fast, counts('checks', 30, 0)], 50).etaSeconds).toBeNull();
  });

  it('counts in the hosts that are still to be found', () => {
    expect(progressOf([counts('discovery', 4, 2), counts('ports', 10, 5)], 50).etaSeconds).toBe(150);
    expect(progressOf([counts('discovery', 4, 0), counts('ports', 0, 0)], 50).etaSeconds).toBeNull();
  });

  it('stays within 0 and 1', () => {
    const phase = fc.record({ total: fc.nat(1000), share: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(phase, phase, phase, (a, b, c) => {
        const rows = (['discovery', 'ports', 'checks'] as const).map((name, index) => {
          const { total, share } = [a, b, c][index] ?? a;
          return counts(name, total, Math.floor(total * share));
        });
        const { progress } = progressOf(rows, 60);
        expect(progress).toBeGreaterThanOrEqual(0);
        expect(progress).toBeLessThanOrEqual(1);
      }),
    );
  });
});
