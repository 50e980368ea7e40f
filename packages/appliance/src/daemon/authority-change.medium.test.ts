import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testCa } from '@picket/testkit/test-ca';
import { afterEach, describe, expect, it } from 'vitest';
import { harvest, startAppliance, temporaryFolder, until } from '../testing/appliance-bench.ts';
import { PlatformStandIn } from '../testing/platform-stand-in.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

type Options = Parameters<typeof PlatformStandIn.start>[0];

async function platform(options: Options = {}) {
  const stand = await PlatformStandIn.start(options);
  cleanUps.push(() => stand.stop());
  stand.activated = true;
  return stand;
}

async function enrolled(stand: PlatformStandIn) {
  const { enrolment } = stand;
  const folder = await temporaryFolder();
  cleanUps.push(folder.remove);
  const start = async () => {
    const daemon = await startAppliance({ enrolment, stateDirectory: folder.path });
    cleanUps.push(() => daemon.stop());
    return daemon;
  };
  const daemon = await start();
  await until('ready', () => daemon.status().state === 'ready');
  const unmoved = async () => (await readFile(join(folder.path, 'enrolment'), 'utf8')) === `${enrolment}\n`;
  return { daemon, start, enrolment, unmoved, state: (name: string) => readFile(join(folder.path, name), 'utf8') };
}

/** Somebody else at the address of a platform, which is gone. */
async function inPlaceOf(old: PlatformStandIn, options: Options) {
  const port = await old.disconnect();
  const next = await platform({ port, ...options });
  next.deviceKey = old.deviceKey;
  return next;
}

const refused = (daemon: Awaited<ReturnType<typeof enrolled>>['daemon']) => () => {
  const { failure } = daemon.status();
  return failure?.kind === 'certificate' && failure.reason === 'unknown-ca';
};

describe('a platform with another authority at the same address', () => {
  it('is followed where its key vouches for it, without a new code, and with the old enrolment string after a restart', async () => {
    const old = await platform();
    const { daemon, start, state, enrolment } = await enrolled(old);
    const next = await inPlaceOf(old, { key: old.key });
    await until('polled', () => next.polls.length > 0 && daemon.status().state === 'ready');
    expect(next.enrolment).not.toBe(enrolment);
    expect((await state('enrolment')).split('\n')[0]).toBe(next.enrolment);
    expect(await state('ca.pem')).toContain(next.ca.pem.trim().split('\n')[3]);
    await until('told', () => next.polls.at(-1)?.enrolment === next.enrolment);
    next.grant();
    await until('a slice', () => harvest(next).outcomes.length === 1);
    await daemon.stop();
    const polls = next.polls.length;
    const again = await start();
    await until('polled again', () => next.polls.length > polls);
    expect(again.status()).toMatchObject({ platform: next.url, trouble: [] });
    expect(next.asked.filter((each) => each === 'GET /appliance/v1/authority')).toHaveLength(1);
  });

  it('is followed by an appliance that was off meanwhile, over two changes', async () => {
    const old = await platform();
    const { daemon, start } = await enrolled(old);
    await daemon.stop();
    const second = await inPlaceOf(old, { key: old.key });
    const third = await inPlaceOf(second, { key: old.key });
    const again = await start();
    await until('ready', () => again.status().state === 'ready' && third.polls.length > 0);
    expect(second.polls).toEqual([]);
  });

  it('stays refused when another platform is there, which is asked the public question and nothing else', async () => {
    const old = await platform();
    const { daemon, unmoved } = await enrolled(old);
    const foreign = await inPlaceOf(old, {});
    await until('asked twice', () => foreign.asked.length > 1);
    await until('refused', refused(daemon));
    expect(new Set(foreign.asked)).toEqual(new Set(['GET /appliance/v1/authority']));
    expect(await unmoved()).toBe(true);
    expect(daemon.status().state).toBe('communication-failure');
  });

  it('stays refused when somebody in between passes on what the platform signed', async () => {
    const old = await platform();
    const { daemon, unmoved } = await enrolled(old);
    // It relays the question: the platform says truly which authority it has, which is not that of who is in between.
    const relay = await inPlaceOf(old, { certificateOf: await testCa('In between'), ca: old.ca, key: old.key });
    await until('asked', () => relay.asked.length > 1);
    await until('refused', refused(daemon));
    expect(relay.polls).toEqual([]);
    expect(await unmoved()).toBe(true);
  });

  it('stays refused when it names an authority, signed, that does not vouch for the session there', async () => {
    const old = await platform();
    const { daemon, unmoved } = await enrolled(old);
    const named = await testCa('Named and not in use');
    const next = await inPlaceOf(old, { key: old.key, ca: named, certificateOf: await testCa('In use') });
    await until('looked', () => next.asked.includes('GET /appliance/v1/ca.pem'));
    await until('refused', refused(daemon));
    expect(next.polls).toEqual([]);
    expect(new Set(next.asked)).toEqual(new Set(['GET /appliance/v1/authority', 'GET /appliance/v1/ca.pem']));
    expect(await unmoved()).toBe(true);
  });

  it('gives whoever stole the old authority nothing: without the key of the platform it is not believed there, and names none', async () => {
    const old = await platform();
    const { daemon, unmoved } = await enrolled(old);
    const thief = await inPlaceOf(old, { ca: old.ca });
    await until('not believed', () => daemon.status().failure?.kind === 'signature');
    const renamed = await inPlaceOf(thief, { key: thief.key });
    await until('asked', () => renamed.asked.length > 1);
    await until('refused', refused(daemon));
    expect(new Set(renamed.asked)).toEqual(new Set(['GET /appliance/v1/authority']));
    expect(await unmoved()).toBe(true);
  });
});
