import { formatRange } from '@picket/base/ip';
import { describe, expect, it } from 'vitest';
import { buildPlan, namesToResolve, type PlanRequest } from './plan.ts';
import { profiles } from './profile.ts';

const request = (change: Partial<PlanRequest> = {}): PlanRequest => ({
  kind: 'scan',
  targets: '10.0.0.0/30',
  exclude: '',
  ports: '22,80',
  profile: profiles.normal,
  assumeAlive: true,
  services: true,
  checks: true,
  resolved: new Map(),
  ...change,
});

const messages = (change: Partial<PlanRequest>) => {
  const plan = buildPlan(request(change));
  return plan.ok ? [] : plan.error.map((each) => `${each.field}: ${each.message}`);
};

describe('plan', () => {
  it('counts addresses, ports and packets', () => {
    const plan = buildPlan(request({ exclude: '10.0.0.1' }));
    expect(plan.ok && plan.value.ranges.map(formatRange)).toEqual(['10.0.0.0', '10.0.0.2-10.0.0.3']);
    expect(plan.ok && plan.value.estimate).toEqual({ addresses: 3n, ports: 2, packets: 12n, rate: 2000, seconds: 1 });
  });

  it('counts an address once, however often it was written', () => {
    const plan = buildPlan(request({ targets: '10.0.0.1 10.0.0.0/30 10.0.0.1-3' }));
    expect(plan.ok && plan.value.estimate.addresses).toBe(4n);
  });

  it('pins each name to its addresses and refuses one that does not resolve', () => {
    const resolved = new Map([['web.test', ['10.0.0.9', 'fd00::9']]]);
    const plan = buildPlan(request({ targets: 'WEB.test', resolved }));
    expect(plan.ok && plan.value.names).toEqual([{ name: 'web.test', addresses: ['10.0.0.9', 'fd00::9'] }]);
    expect(messages({ targets: 'gone.test' })).toEqual([expect.stringContaining('"gone.test" does not resolve')]);
    expect(namesToResolve({ targets: 'a.test 10.0.0.1', exclude: 'b.test a.test' })).toEqual(['a.test', 'b.test']);
  });

  it('tells all faults at once', () => {
    expect(messages({ targets: '10.0.0.0/33 x..y', ports: '99999' })).toHaveLength(3);
  });

  it('refuses 2^40 addresses, an empty list, and exclusions that leave nothing', () => {
    expect(messages({ targets: 'fd00::/88' })[0]).toContain('1099511627776 addresses');
    expect(messages({ targets: '  # nothing' })[0]).toContain('No targets');
    expect(messages({ exclude: '10.0.0.0/8' })[0]).toContain('leave nothing');
  });

  it('refuses multicast, broadcast and unspecified addresses, and marks public ones', () => {
    expect(messages({ targets: '224.0.0.1' })[0]).toContain("can't be scanned");
    expect(messages({ targets: '0.0.0.0/0' })[0]).toContain("can't be scanned");
    const plan = buildPlan(request({ targets: '10.0.0.1 8.8.8.8' }));
    expect(plan.ok && plan.value.publicRanges.map(formatRange)).toEqual(['8.8.8.8']);
  });

  it('has the phases of its kind', () => {
    const phases = (change: Partial<PlanRequest>) => {
      const plan = buildPlan(request(change));
      return plan.ok ? plan.value.phases : [];
    };
    expect(phases({})).toEqual(['discovery', 'ports', 'services', 'os', 'checks']);
    expect(phases({ checks: false })).toEqual(['discovery', 'ports', 'services', 'os']);
    expect(phases({ services: false })).toEqual(['discovery', 'ports']);
    expect(phases({ kind: 'map' })).toEqual(['discovery']);
  });
});
