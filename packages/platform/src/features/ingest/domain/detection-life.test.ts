import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterNotEvaluable,
  afterSighting,
  type DetectionState,
  detectionTransitions,
  firstSighting,
  type Sighting,
} from './detection-life.ts';

const start = firstSighting({ scanId: 1, at: 100 });
const see = (state: DetectionState, sighting: Sighting, scanId: number) =>
  afterSighting(state, sighting, { scanId, at: scanId * 100 });

describe('the life of a detection', () => {
  it('goes New, Active, Fixed, Reopened, Active', () => {
    const steps: Sighting[] = ['found', 'passed', 'found', 'found'];
    const statuses: string[] = [start.status];
    let state = start;
    for (const [index, sighting] of steps.entries()) {
      state = see(state, sighting, index + 2);
      statuses.push(state.status);
    }
    expect(statuses).toEqual(['new', 'active', 'fixed', 'reopened', 'active']);
    expect(state).toMatchObject({ timesFound: 4, firstSeen: 100, lastSeen: 500, fixedAt: null });
  });

  it('counts a finding that one scan reports twice once', () => {
    expect(see(start, 'found', 1)).toEqual(start);
  });

  it('keeps the time of the first fix', () => {
    const fixed = see(start, 'passed', 2);
    expect(fixed.fixedAt).toBe(200);
    expect(see(fixed, 'port-closed', 3)).toMatchObject({ status: 'fixed', fixedAt: 200, lastTested: 300 });
  });

  it('ignores what an older scan says late', () => {
    const newer = see(start, 'found', 5);
    expect(see(newer, 'passed', 4)).toBe(newer);
  });

  it('does not close what could not be tested, and says why', () => {
    const unknown = afterNotEvaluable(start, 'filtered', { scanId: 2, at: 200 });
    expect(unknown).toMatchObject({ status: 'new', notEvaluable: 'filtered', scanId: 1, lastTested: 100 });
    expect(see(unknown, 'found', 3).notEvaluable).toBeNull();
  });

  it('does not call a detection untested that the same scan tested', () => {
    expect(afterNotEvaluable(start, 'timeout', { scanId: 1, at: 150 })).toBe(start);
  });

  it('never closes without a test that passed or a closed port', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('found', 'unknown'), { maxLength: 30 }), (steps) => {
        let state = start;
        for (const [index, step] of steps.entries()) {
          const moment = { scanId: index + 2, at: (index + 2) * 100 };
          state =
            step === 'found' ? afterSighting(state, 'found', moment) : afterNotEvaluable(state, 'filtered', moment);
        }
        expect(state.status).not.toBe('fixed');
      }),
    );
  });

  it('is the whole table', () => {
    expect(
      Object.entries(detectionTransitions).map(([from, to]) => `${from} ${to.found} ${to.passed} ${to['port-closed']}`),
    ).toEqual([
      'new active fixed fixed',
      'active active fixed fixed',
      'reopened active fixed fixed',
      'fixed reopened fixed fixed',
    ]);
  });
});
