import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, test } from 'vitest';
import { FakeNetwork } from '../testing/fake-network.ts';
import { collectFake, depsOf, jobOf, ofType, unitEnds } from '../testing/run-on.ts';
import type { IdentifyService } from './stages.ts';

test('a host that accepts every port is said to do so, and gets no service for each of them', async () => {
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const network = new FakeNetwork(clock, { '10.0.0.9': { otherTcp: 'open' } });
  const asked: number[] = [];
  const identify: IdentifyService = async ({ port }) => {
    asked.push(port);
    const spoken = port === 443 ? { service: 'http', confidence: 1 } : { service: 'unknown', confidence: 0 };
    return { ...spoken, cpes: [], method: 'probe' };
  };
  const job = jobOf({ targets: '10.0.0.9', ports: '1-600', services: true });
  const { events } = await collectFake(clock, job, { ...depsOf(clock, network), identify });
  expect(ofType(events, 'port')).toHaveLength(600);
  expect(asked).toHaveLength(24);
  expect(ofType(events, 'service').map(({ port, service }) => `${port} ${service}`)).toEqual(['443 http']);
  expect(ofType(events, 'note').map(({ code }) => code)).toContain('engine.accepts-everything');
  expect(unitEnds(events)).toContain('services/10.0.0.9 not-evaluable accepts-everything');
});
