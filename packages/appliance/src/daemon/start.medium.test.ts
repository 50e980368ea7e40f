import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '@picket/base/secret';
import { afterEach, describe, expect, it } from 'vitest';
import { harvest, startAppliance, temporaryFolder, until } from '../testing/appliance-bench.ts';
import { PlatformStandIn } from '../testing/platform-stand-in.ts';
import { readStatus } from '../local/status.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function platform(options: Parameters<typeof PlatformStandIn.start>[0] = {}) {
  const started = await PlatformStandIn.start(options);
  cleanUps.push(() => started.stop());
  return started;
}

async function folder() {
  const made = await temporaryFolder();
  cleanUps.push(made.remove);
  return made.path;
}

type Bench = Partial<Parameters<typeof startAppliance>[0]>;

async function appliance(stand: PlatformStandIn, options: Bench = {}) {
  const stateDirectory = options.stateDirectory ?? (await folder());
  const daemon = await startAppliance({ enrolment: stand.enrolment, ...options, stateDirectory });
  cleanUps.push(() => daemon.stop());
  return { ...daemon, stateDirectory };
}

async function ready(stand: PlatformStandIn, options: Bench = {}) {
  stand.activated = true;
  const daemon = await appliance(stand, options);
  await until('ready', () => daemon.status().state === 'ready');
  return daemon;
}

describe('enrolment', () => {
  it('shows the activation code until the platform has taken it, then is ready', async () => {
    const stand = await platform();
    const daemon = await appliance(stand);
    await until('code', () => daemon.status().activationCode === '123456789012');
    expect(daemon.status()).toMatchObject({ state: 'awaiting-activation', applianceId: null });
    stand.activated = true;
    await until('ready', () => daemon.status().state === 'ready');
    expect(daemon.status()).toMatchObject({ activationCode: null, applianceId: 7, name: 'is_test' });
  });

  it('activates itself with a personalization code', async () => {
    const stand = await platform();
    const daemon = await appliance(stand, { settings: { personalizationCode: new Secret('12345678901234') } });
    await until('ready', () => daemon.status().state === 'ready');
  });

  it('says that a personalization code was refused', async () => {
    const stand = await platform();
    const daemon = await appliance(stand, { settings: { personalizationCode: new Secret('00000000000000') } });
    await until('refused', () => daemon.status().failure?.kind === 'enrolment.code-wrong');
    expect(daemon.status().state).toBe('network-error');
  });

  it('keeps key and state to itself and the same identity over restarts', async () => {
    const stand = await platform();
    const first = await ready(stand);
    expect((await stat(first.stateDirectory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(first.stateDirectory, 'key.pem'))).mode & 0o777).toBe(0o600);
    const key = await readFile(join(first.stateDirectory, 'key.pem'), 'utf8');
    await first.stop();
    expect((await readStatus(first.stateDirectory))?.status.state).toBe('stopped');
    stand.activated = false;
    const second = await appliance(stand, { stateDirectory: first.stateDirectory });
    await until('ready', () => second.status().state === 'ready');
    expect(await readFile(join(first.stateDirectory, 'key.pem'), 'utf8')).toBe(key);
    expect(stand.instances.size).toBe(2);
  });

  it('refuses a second daemon on the same state directory', async () => {
    const stand = await platform();
    const daemon = await ready(stand);
    await expect(appliance(stand, { stateDirectory: daemon.stateDirectory })).rejects.toMatchObject({
      code: 'appliance.already-running',
    });
  });

  it('refuses to move an activated appliance to another platform', async () => {
    const stand = await platform();
    const other = await platform();
    const daemon = await ready(stand);
    await daemon.stop();
    await expect(appliance(other, { stateDirectory: daemon.stateDirectory })).rejects.toMatchObject({
      code: 'appliance.enrolled-elsewhere',
    });
  });
});

describe('trust', () => {
  it('sends nothing to a platform whose CA is not the pinned one', async () => {
    const stand = await platform();
    const wrong = `${stand.url}#ca=sha256:${'0'.repeat(64)}`;
    const daemon = await appliance(stand, { enrolment: wrong });
    await until('failure', () => daemon.status().failure !== null);
    expect(daemon.status()).toMatchObject({
      state: 'network-error',
      failure: { kind: 'certificate', reason: 'fingerprint' },
    });
    expect(stand.deviceKey).toBeNull();
  });

  it.each([
    ['expired', { daysAgo: 3 }],
    ['wrong-host', { names: ['elsewhere.test'] }],
  ])('refuses a certificate that is %s', async (reason, options) => {
    const stand = await platform(options);
    const daemon = await appliance(stand);
    await until('failure', () => daemon.status().failure !== null);
    expect(daemon.status().failure).toMatchObject({ kind: 'certificate', reason });
    expect(stand.deviceKey).toBeNull();
  });

  it('does not believe an answer that is forged or belongs to another request', async () => {
    const stand = await platform();
    const daemon = await ready(stand);
    // Whichever poll is held at that moment gets the answer in question; there may be none just then.
    const failsItsSignature = () => {
      stand.release();
      return daemon.status().failure?.kind === 'signature';
    };
    stand.forge = true;
    await until('forged', failsItsSignature);
    expect(daemon.status().state).toBe('communication-failure');
    stand.forge = false;
    await until('back', () => daemon.status().state === 'ready');
    stand.replayAnswer = true;
    await until('replayed', failsItsSignature);
  });
});

describe('work', () => {
  it('runs a lease in a worker process and uploads what it found', async () => {
    const stand = await platform();
    const daemon = await ready(stand);
    const lease = stand.grant();
    await until('slice', () => harvest(stand).outcomes.length === 1);
    expect(harvest(stand).outcomes).toEqual(['complete']);
    expect(harvest(stand).ports).toHaveLength(15);
    expect(stand.events.map((event) => event.seq)).toEqual(stand.events.map((_, index) => index + 1));
    expect(stand.events.every((event) => event.lease === lease.leaseId && event.scan === 3 && event.slice === 5)).toBe(
      true,
    );
    await until('forgotten', () => daemon.status().leases.length === 0);
    await until('spool empty', () => daemon.status().spool.events === 0);
  });

  it('runs several leases one after the other, and reports that it is busy', async () => {
    const stand = await platform();
    await ready(stand, { workerArgs: ['--pause-ms', '20'] });
    stand.grant();
    stand.grant();
    await until('both', () => harvest(stand).outcomes.length === 2);
    expect(stand.polls.some((poll) => poll.capacity === 0 && poll.availablePercent === 0)).toBe(true);
  });

  it('refuses a lease that is not signed by its platform, is for another appliance, or of an unknown level', async () => {
    const stand = await platform();
    const daemon = await ready(stand);
    stand.grant({ applianceId: 8 });
    await until('appliance', () =>
      daemon.seen.some((status) => status.trouble.some((each) => each.code === 'lease.appliance')),
    );
    stand.grant({ level: 99 });
    await until('level', () =>
      daemon.seen.some((status) => status.trouble.some((each) => each.code === 'lease.level')),
    );
    stand.grant({ expiresAt: new Date(Date.now() - 1000).toISOString() });
    await until('expired', () =>
      daemon.seen.some((status) => status.trouble.some((each) => each.code === 'lease.expired')),
    );
    const other = await platform();
    stand.grants.push(other.sign({ ...stand.grant(), leaseId: 'foreign' }));
    stand.release();
    await until('signature', () =>
      daemon.seen.some((status) => status.trouble.some((each) => each.code === 'lease.signature')),
    );
    expect(stand.events.every((event) => event.lease !== 'foreign')).toBe(true);
  });

  it('pauses, resumes and stops within two seconds', async () => {
    const stand = await platform();
    await ready(stand, { workerArgs: ['--units', '50', '--events', '1000', '--pause-ms', '5'] });
    const lease = stand.grant();
    const reported = (state: string) => () => stand.polls.at(-1)?.leases[0]?.state === state;
    await until('events', () => stand.events.length > 20);
    stand.want(lease.leaseId, 'pause');
    await until('paused', reported('paused'), 2000);
    const held = stand.events.length;
    stand.want(lease.leaseId, 'run');
    await until('running', reported('running'), 2000);
    await until('more events', () => stand.events.length > held + 50);
    stand.want(lease.leaseId, 'stop');
    await until('stopped', () => harvest(stand).outcomes.length === 1, 2000);
    expect(harvest(stand).outcomes).toEqual(['stopped']);
  });

  it('pauses when the lease ends unrenewed and goes on when a later poll renews it', async () => {
    const stand = await platform();
    const daemon = await ready(stand, { workerArgs: ['--units', '50', '--events', '1000', '--pause-ms', '5'] });
    const lease = stand.grant({ expiresAt: new Date(Date.now() + 6000).toISOString() });
    await until('events', () => stand.events.length > 20);
    const port = await stand.disconnect();
    await until('paused', () => daemon.status().leases[0]?.state === 'paused');
    expect(daemon.status().state).toBe('communication-failure');
    stand.want(lease.leaseId, 'run', new Date(Date.now() + 600_000).toISOString());
    await stand.reconnect(port);
    await until('running', () => daemon.status().leases[0]?.state === 'running', 20_000);
    const held = stand.events.length;
    await until('more events', () => stand.events.length > held + 20);
  });

  it('gives the rest of a slice back at the end of its window, with its platform out of reach and a worker that does not stop', async () => {
    const stand = await platform();
    const daemon = await ready(stand, { workerArgs: ['--units', '50', '--events', '1000', '--pause-ms', '20'] });
    const ends = Date.now() + 2500;
    const window = { notBefore: new Date(0).toISOString(), notAfter: new Date(ends).toISOString() };
    stand.grant({ window });
    await until('events', () => stand.events.length > 3);
    const port = await stand.disconnect();
    await until('ending', () => daemon.status().leases[0]?.state === 'ending');
    expect(Date.now()).toBeGreaterThanOrEqual(ends);
    await stand.reconnect(port);
    await until('slice', () => stand.events.some(({ event }) => event.type === 'slice'), 60_000);
    expect(stand.events.findLast(({ event }) => event.type === 'slice')?.event).toMatchObject({
      outcome: 'stopped',
      reason: 'window-closed',
    });
    expect(stand.events.some(({ event }) => event.type === 'unit' && event.state === 'not-evaluable')).toBe(false);
  });

  it('stops scanning at once when it is revoked, keeps the results and says why', async () => {
    const stand = await platform();
    const daemon = await ready(stand, { workerArgs: ['--units', '50', '--events', '1000', '--pause-ms', '5'] });
    stand.grant();
    await until('events', () => stand.events.length > 20);
    stand.refusal = { status: 410, code: 'appliance.revoked' };
    stand.release();
    await until('revoked', () => daemon.status().state === 'revoked', 2000);
    expect(daemon.status().failure).toMatchObject({ kind: 'appliance.revoked' });
    const waiting = daemon.status().spool.events;
    expect(waiting).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const later = daemon.status().spool.events;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(daemon.status().spool.events).toBe(later);
  });
});

describe('faults', () => {
  const undisturbed = Array.from({ length: 3 }, (_, host) =>
    Array.from({ length: 40 }, (__, port) => `127.0.0.${host + 1}:${port + 1}`),
  )
    .flat()
    .sort();
  const script = ['--units', '3', '--events', '40', '--pause-ms', '2'];

  it('restarts a worker that was killed, and neither loses nor doubles a unit', async () => {
    const stand = await platform();
    const marker = join(await folder(), 'died');
    await ready(stand, { workerArgs: [...script, '--die-on', '127.0.0.2', '--die-once', marker] });
    stand.grant();
    await until('slice', () => harvest(stand).outcomes.length === 1);
    expect(harvest(stand)).toEqual({ ports: undisturbed, outcomes: ['complete'] });
    const ended = stand.events.flatMap(({ event }) =>
      event.type === 'unit' && event.state === 'done' ? [event.unit.subject] : [],
    );
    expect(ended).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.3']);
  });

  it('gives up a unit that kills the worker every time, and goes on with the rest', async () => {
    const stand = await platform();
    await ready(stand, { workerArgs: [...script, '--die-on', '127.0.0.2'] });
    stand.grant();
    await until('slice', () => harvest(stand).outcomes.length === 1, 30_000);
    const ends = stand.events.flatMap(({ event }) =>
      event.type === 'unit' && event.state !== 'running'
        ? [`${event.unit.subject} ${event.state} ${event.reason ?? ''}`.trim()]
        : [],
    );
    expect(ends).toEqual(['127.0.0.1 done', '127.0.0.2 not-evaluable internal-error', '127.0.0.3 done']);
  });

  it('repeats uploads that were cut before or after they were stored', async () => {
    const stand = await platform();
    const daemon = await ready(stand, { workerArgs: script });
    stand.cutUploads = 2;
    stand.cutAnswers = 2;
    stand.grant();
    await until('some events', () => stand.events.length > 10);
    await until('slice', () => harvest(stand).outcomes.length === 1);
    expect(harvest(stand)).toEqual({ ports: undisturbed, outcomes: ['complete'] });
    expect(stand.events.map((event) => event.seq)).toEqual(stand.events.map((_, index) => index + 1));
    await until('no trouble', () => daemon.status().trouble.length === 0);
  });

  it('goes back when the platform lost what is still on the disk here', async () => {
    const stand = await platform();
    await ready(stand, { workerArgs: ['--units', '3', '--events', '200', '--pause-ms', '5'] });
    stand.grant();
    await until('some events', () => stand.events.length > 50);
    // Within the segment that is being written: whole segments are deleted once they were acknowledged.
    stand.rewindTo = stand.events.length - 5;
    await until('rewound', () => stand.rewindTo === null);
    await until('slice', () => harvest(stand).outcomes.length === 1);
    expect(harvest(stand).ports).toHaveLength(600);
    expect(stand.events.map((event) => event.seq)).toEqual(stand.events.map((_, index) => index + 1));
  });

  it('falls back to plain polling when long-polls are cut, and is still ready', async () => {
    const stand = await platform();
    stand.cutPollsAfterMs = 200;
    const daemon = await ready(stand);
    await until('plain', () => daemon.status().polling === 'plain' && daemon.status().state === 'ready');
    expect(stand.polls.at(-1)?.waitSeconds).toBe(0);
  });
});
