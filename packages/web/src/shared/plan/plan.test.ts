import { scanRequest } from '@picket/contracts/api/scan';
import { describe, expect, test } from 'vitest';
import { localPlan } from './local-plan.ts';
import { readTargets, tooMany } from './read-targets.ts';

describe('targets while typing', () => {
  test('good items count even when another has a fault, and the fault says which', () => {
    const read = readTargets('10.0.0.0/24, 010.1.2.3\nweb.example');
    expect(read.addresses).toBe(256n);
    expect(read.names).toEqual(['web.example']);
    expect(read.errors).toHaveLength(1);
    expect(read.errors[0]?.item).toBe('010.1.2.3');
  });
  test('exclusions are taken off', () => {
    expect(readTargets('10.0.0.0/30', '10.0.0.1').addresses).toBe(3n);
  });
  test('public ranges are named; private ones are not', () => {
    expect(readTargets('10.0.0.1 9.9.9.9').publicRanges).toEqual(['9.9.9.9']);
  });
  test('what can never be scanned is an error before launch', () => {
    expect(readTargets('224.0.0.1').errors[0]?.message).toContain("can't be scanned");
  });
  test('more than one job takes is noticed', () => {
    expect(tooMany(readTargets('10.0.0.0/7'))).toBe(true);
    expect(tooMany(readTargets('10.0.0.0/8'))).toBe(false);
  });
});

describe('the plan in the browser', () => {
  const request = scanRequest.parse({ kind: 'scan', networkId: 1, targets: '127.0.0.1 localhost', ports: '22,80' });
  test('has the planner’s own figures', () => {
    const plan = localPlan(request);
    if (!plan.ok) throw new Error('no plan');
    expect(plan.value.estimate.addresses).toBe(2n);
    expect(plan.value.estimate.ports).toBe(2);
    expect(plan.value.names).toEqual(['localhost']);
  });
  test('a lower rate makes it longer, a higher one than the profile does not make it faster', () => {
    const slow = localPlan({ ...request, rate: 10 });
    const fast = localPlan({ ...request, rate: 20_000 });
    if (!slow.ok || !fast.ok) throw new Error('no plan');
    expect(slow.value.estimate.rate).toBe(10);
    expect(fast.value.estimate.rate).toBe(2000);
  });
  test('faults name their field', () => {
    const plan = localPlan({ ...request, targets: '', ports: '99999' });
    expect(plan.ok ? [] : plan.error.map((error) => error.field).sort()).toEqual(['ports', 'targets']);
  });
});
