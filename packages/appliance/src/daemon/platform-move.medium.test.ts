import { afterEach, describe, expect, it } from 'vitest';
import { startAppliance, temporaryFolder, until } from '../testing/appliance-bench.ts';
import { PlatformStandIn } from '../testing/platform-stand-in.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function platform(options: Parameters<typeof PlatformStandIn.start>[0] = {}) {
  const stand = await PlatformStandIn.start(options);
  cleanUps.push(() => stand.stop());
  stand.activated = true;
  return stand;
}

async function enrolled(stand: PlatformStandIn) {
  const folder = await temporaryFolder();
  cleanUps.push(folder.remove);
  const start = async () => {
    const daemon = await startAppliance({ enrolment: stand.enrolment, stateDirectory: folder.path });
    cleanUps.push(() => daemon.stop());
    await until('ready', () => daemon.status().state === 'ready');
    return daemon;
  };
  return { daemon: await start(), start };
}

/** Answers held polls until the condition holds. */
function polling(stand: PlatformStandIn, what: string, condition: () => boolean) {
  return until(what, () => {
    stand.release();
    return condition();
  });
}

describe('a platform that has moved', () => {
  it('is followed to another address with another authority, and found there after a restart with the old enrolment string', async () => {
    const old = await platform();
    const next = await platform({ key: old.key });
    const { daemon, start } = await enrolled(old);
    next.deviceKey = old.deviceKey;
    old.movedTo = next.enrolment;
    await polling(old, 'moved', () => next.polls.length > 0 && daemon.status().platform === next.url);
    expect(next.polls.at(-1)?.enrolment).toBe(next.enrolment);
    await daemon.stop();
    const [before, there] = [old.polls.length, next.polls.length];
    const again = await start();
    await until('polled', () => next.polls.length > there);
    expect(again.status()).toMatchObject({ platform: next.url, trouble: [] });
    expect(old.polls).toHaveLength(before);
  });

  it.each([
    ['nobody listens there', async () => `https://127.0.0.1:1#ca=sha256:${'0'.repeat(64)}`, 'refused'],
    ['another platform is there', async () => (await platform()).enrolment, 'not signed'],
    [
      'the authority there is another one',
      async (old: PlatformStandIn) => `${(await platform({ key: old.key })).url}#ca=sha256:${'0'.repeat(64)}`,
      'fingerprint',
    ],
    ['that is no place', async () => 'https://somewhere/with/a/path', 'enrolment string'],
  ])('is not left when %s, and the platform is told', async (_why, where, why) => {
    const old = await platform();
    const { daemon } = await enrolled(old);
    old.movedTo = await where(old);
    const told = () => old.polls.flatMap(({ trouble }) => trouble).find(({ code }) => code === 'platform.move-failed');
    await polling(old, 'told', () => told() !== undefined);
    expect(told()?.message).toContain(why);
    expect(daemon.status()).toMatchObject({ state: 'ready', platform: old.url });
    old.movedTo = null;
    await polling(old, 'forgotten', () => daemon.status().trouble.length === 0);
  });
});
