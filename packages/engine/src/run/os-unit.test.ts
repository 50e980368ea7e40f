import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, test } from 'vitest';
import type { IdentifyOs } from '../os/identify-os.ts';
import { FakeNetwork } from '../testing/fake-network.ts';
import { collectFake, depsOf, jobOf, ofType, unitEnds } from '../testing/run-on.ts';
import type { IdentifyService } from './stages.ts';

const identify: IdentifyService = async () => ({ service: 'ssh', cpes: [], confidence: 1, method: 'probe' });
const job = jobOf({ targets: '10.0.0.1', ports: '21-23', services: true, checks: false });

function setUp() {
  const clock = new FakeClock();
  return {
    clock,
    deps: { ...depsOf(clock, new FakeNetwork(clock, { '10.0.0.1': { tcp: { 22: 'open' } } })), identify },
  };
}

test('the system is told from services and from an open and a closed port', async () => {
  const { clock, deps } = setUp();
  const identifyOs: IdentifyOs = async ({ services, openPort, closedPort }) => ({
    product: services.map(({ service, port }) => `${service}/${port}`).join(),
    confidence: 0.5,
    evidence: `open ${openPort}, closed ${closedPort}`,
  });
  const { events } = await collectFake(clock, job, { ...deps, identifyOs });
  expect(ofType(events, 'os')).toMatchObject([{ product: 'ssh/22', confidence: 0.5, evidence: 'open 22, closed 21' }]);
  expect(unitEnds(events)).toContain('os/10.0.0.1 done');
});

test('a host that gives nothing away ends its unit without an event', async () => {
  const { clock, deps } = setUp();
  const { events } = await collectFake(clock, job, { ...deps, identifyOs: async () => null });
  expect(ofType(events, 'os')).toEqual([]);
  expect(ofType(events, 'unit').find(({ unit, state }) => unit.phase === 'os' && state === 'done')?.counts).toEqual({
    identified: 0,
  });
});

test('without the stage the unit is not evaluable, and one that never ends is ended', async () => {
  const { clock, deps } = setUp();
  const without = await collectFake(clock, job, { ...deps, identifyOs: null });
  expect(unitEnds(without.events)).toContain('os/10.0.0.1 not-evaluable check-unsupported');
  const stuck = await collectFake(clock, job, { ...deps, identifyOs: () => new Promise(() => {}) });
  expect(unitEnds(stuck.events)).toContain('os/10.0.0.1 not-evaluable budget-exhausted');
});
