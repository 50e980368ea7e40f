import { describe, expect, it } from 'vitest';
import { coverageOf } from './coverage.ts';

const plan = { ranges: ['10.0.0.0-10.0.0.127', '10.0.0.200'], ports: { tcp: '22,80-90', udp: '53' } };

describe('coverageOf', () => {
  it('tells an address that was tried from one outside the targets and one whose block did not end', () => {
    const coverage = coverageOf(plan, [
      { phase: 'discovery', subject: '10.0.0.0-10.0.0.63', state: 'not-evaluable', reason: 'deadline' },
      { phase: 'discovery', subject: '10.0.0.200', state: 'pending', reason: null },
    ]);
    const reasons = ['10.0.0.64', '10.0.0.5', '10.0.0.200', '10.0.0.199', 'nonsense'].map(coverage.untested);
    expect(reasons).toEqual([null, 'deadline', 'not-reached-yet', 'not-in-targets', 'not-in-targets']);
  });

  it('knows hosts with a phase that was not evaluated, and the ports of each protocol', () => {
    const coverage = coverageOf(plan, [
      { phase: 'services', subject: '10.0.0.5', state: 'not-evaluable', reason: 'timeout' },
    ]);
    expect([coverage.evaluated('10.0.0.5'), coverage.evaluated('10.0.0.6')]).toEqual([false, true]);
    expect([coverage.tests('tcp', 85), coverage.tests('tcp', 53), coverage.tests('udp', 53)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
