import { describe, expect, it } from 'vitest';
import { judgeUnnamed } from './lost-leases.ts';

describe('judgeUnnamed', () => {
  it.each([
    [{ reported: null, ageMs: 100 }, 0, 'wait'],
    [{ reported: null, ageMs: 60_000 }, 0, 'deliver-again'],
    [{ reported: null, ageMs: 60_000 }, 3, 'wait'],
    [{ reported: 'running', ageMs: 60_000 }, 0, 'requeue'],
    [{ reported: 'running', ageMs: 60_000 }, 1, 'wait'],
  ] as const)('%j with %i events in the spool: %s', (lease, events, verdict) => {
    expect(judgeUnnamed(lease, events)).toBe(verdict);
  });
});
