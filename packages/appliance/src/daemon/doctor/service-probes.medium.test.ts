import { systemClock } from '@picket/base/adapters/system';
import { directConnector } from '@picket/outbound/adapters/direct-connector';
import { afterEach, describe, expect, it } from 'vitest';
import { startAppliance, temporaryFolder, until } from '../../testing/appliance-bench.ts';
import { PlatformStandIn } from '../../testing/platform-stand-in.ts';
import { serviceProbes } from '../adapters/doctor-service-probes.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function patient(aheadMs = 0) {
  const stand = await PlatformStandIn.start({ aheadMs });
  cleanUps.push(() => stand.stop());
  stand.activated = true;
  const folder = await temporaryFolder();
  cleanUps.push(folder.remove);
  const link = await startAppliance({ enrolment: stand.enrolment, stateDirectory: folder.path });
  cleanUps.push(() => link.stop());
  await until('ready', () => link.status().state === 'ready');
  const target = { origin: stand.url, hasProxy: false, family: 4, link, devices: { lan: null, wan: null } } as const;
  return { stand, probes: serviceProbes(target, { connector: directConnector(2000), clock: systemClock }) };
}

describe('behind the TLS of the platform', () => {
  it('all paths answer, the clock is right, and large messages pass', async () => {
    const { probes } = await patient();
    expect(await probes.endpoints()).toEqual({ outcome: 'ok', detail: '9 of 9 answer' });
    expect(await probes.clock()).toMatchObject({ outcome: 'ok', detail: expect.stringMatching(/^0\.[0-9] s /) });
    expect(await probes.transfer()).toMatchObject({
      outcome: 'ok',
      detail: expect.stringMatching(/^[0-9]+ ms there and back, [0-9.]+ Mbit\/s up, [0-9.]+ Mbit\/s down$/),
    });
  });

  it('a clock that is wrong is told, although the certificate is then judged by another', async () => {
    const { probes } = await patient(-400 * 86_400_000);
    expect(await probes.clock()).toMatchObject({
      outcome: 'warning',
      detail: expect.stringMatching(/^34560000 s ahead/),
    });
  });

  it('a path that a gateway blocks is named, with what it answered', async () => {
    const { stand, probes } = await patient();
    stand.blocked = '/appliance/v1/events';
    expect(await probes.endpoints()).toMatchObject({
      outcome: 'warning',
      detail: '8 of 9 answer; /appliance/v1/events: HTTP 403 of something else (text/html)',
    });
  });

  it('large messages that are lost are told apart from a way that carries nothing', async () => {
    const { stand, probes } = await patient();
    stand.largestMessage = 1000;
    expect(await probes.transfer()).toMatchObject({
      outcome: 'warning',
      detail: expect.stringMatching(
        /nothing up, [0-9.]+ Mbit\/s down: small messages pass.*one of 1000 bytes passes, one of 1050 does not/,
      ),
    });
    stand.largestMessage = -1;
    expect(await probes.transfer()).toMatchObject({ outcome: 'not-tested' });
  });
});
