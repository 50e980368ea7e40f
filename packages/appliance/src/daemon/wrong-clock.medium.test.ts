import { afterEach, describe, expect, it } from 'vitest';
import { startAppliance, temporaryFolder, until } from '../testing/appliance-bench.ts';
import { PlatformStandIn } from '../testing/platform-stand-in.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function ahead(aheadMs: number, daysAgo = 0) {
  const stand = await PlatformStandIn.start({ aheadMs, daysAgo });
  cleanUps.push(() => stand.stop());
  stand.activated = true;
  const folder = await temporaryFolder();
  cleanUps.push(folder.remove);
  const start = async () => {
    const daemon = await startAppliance({ enrolment: stand.enrolment, stateDirectory: folder.path });
    cleanUps.push(() => daemon.stop());
    return daemon;
  };
  return { stand, start };
}

const years = (count: number) => count * 365 * 86_400_000;

describe('an appliance whose clock is wrong', () => {
  it.each([
    ['years behind, as after a first boot without a battery', years(6)],
    ['years ahead', -years(6)],
  ])('by being %s is activated, polls and says so', async (_how, aheadMs) => {
    const { stand, start } = await ahead(aheadMs);
    const daemon = await start();
    await until('ready', () => daemon.status().state === 'ready');
    await until('told', () => stand.polls.some(({ trouble }) => trouble.some(({ code }) => code === 'clock.wrong')));
    expect(daemon.status().trouble).toMatchObject([{ code: 'clock.wrong' }]);
    expect(daemon.seen.some(({ failure }) => failure?.kind === 'certificate')).toBe(true);
  });

  it('is told when it is right again, after a restart with the identity that it has', async () => {
    const { stand, start } = await ahead(years(6));
    const first = await start();
    await until('ready', () => first.status().state === 'ready');
    await first.stop();
    const second = await start();
    await until('ready again', () => second.status().state === 'ready');
    stand.aheadMs = 0;
    stand.release();
    await until('right', () => second.status().trouble.length === 0);
  });

  it('is not helped by a time that somebody else signed', async () => {
    const { stand, start } = await ahead(years(6));
    stand.forge = true;
    const daemon = await start();
    await until('failed twice', () => daemon.seen.filter(({ failure }) => failure !== null).length >= 1);
    await until('asked', () => daemon.status().failure?.reason === 'not-yet-valid');
    expect(stand.deviceKey).toBeNull();
  });

  it('still refuses a certificate that is expired by the time of the platform', async () => {
    const { stand, start } = await ahead(years(6), 3);
    const daemon = await start();
    await until('judged', () => daemon.status().failure?.detail === 'by the time of the platform');
    expect(daemon.status().failure).toMatchObject({ kind: 'certificate', reason: 'expired' });
    expect(stand.deviceKey).toBeNull();
  });
});
