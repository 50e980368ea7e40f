import { systemRandom } from '@picket/base/adapters/system';
import { describe, expect, it } from 'vitest';
import { afterFailure, attemptLimit } from './attempts.ts';

describe('afterFailure', () => {
  it('waits longer and longer, never over four hours, and gives up at last', () => {
    let most = 0;
    for (let attempts = 1; attempts < attemptLimit; attempts += 1) {
      const { state, nextAt } = afterFailure({ attempts, final: false }, 1000, systemRandom);
      expect(state).toBe('waiting');
      const ceiling = Math.min(4 * 3_600_000, 30_000 * 2 ** (attempts - 1));
      expect(nextAt - 1000).toBeGreaterThanOrEqual(Math.floor(ceiling / 4));
      expect(nextAt - 1000).toBeLessThanOrEqual(ceiling);
      most += ceiling;
    }
    expect(most).toBeGreaterThan(12 * 3_600_000);
    expect(afterFailure({ attempts: attemptLimit, final: false }, 1000, systemRandom).state).toBe('dead');
  });

  it('gives up at once what was refused for good', () => {
    expect(afterFailure({ attempts: 1, final: true }, 1000, systemRandom)).toEqual({ state: 'dead', nextAt: 1000 });
  });
});
