import { afterEach, describe, expect, it } from 'vitest';
import { startAppliance, temporaryFolder, until } from '../testing/appliance-bench.ts';
import { PlatformStandIn } from '../testing/platform-stand-in.ts';

const long = { workerArgs: ['--units', '50', '--events', '1000', '--pause-ms', '5'] };
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function platform(): Promise<PlatformStandIn> {
  const stand = await PlatformStandIn.start();
  cleanUps.push(() => stand.stop());
  stand.activated = true;
  return stand;
}

async function appliance(stand: PlatformStandIn, stateDirectory: string, enrolment = stand.enrolment) {
  const daemon = await startAppliance({ enrolment, stateDirectory, ...long });
  cleanUps.push(() => daemon.stop());
  return daemon;
}

async function folder(): Promise<string> {
  const made = await temporaryFolder();
  cleanUps.push(made.remove);
  return made.path;
}

const endings = (stand: PlatformStandIn) =>
  stand.events.flatMap(({ event, lease }) => (event.type === 'slice' ? [{ lease, ...event }] : []));

describe('scans that are cancelled for a change of the network', () => {
  it('end as cancelled at the console, and no other begins until work is taken again', async () => {
    const stand = await platform();
    const daemon = await appliance(stand, await folder());
    const lease = stand.grant();
    await until('events', () => stand.events.length > 20);
    // No poll that has asked for work is on its way: what answers it would be for the platform to send again.
    stand.release();
    await until('a poll', () => stand.polls.at(-1)?.capacity === 0 && (stand.polls.at(-1)?.waitSeconds ?? 0) > 0);
    const next = stand.grant({ leaseId: 'next', scanId: 2, sliceId: 2 });
    await daemon.cancelScans();
    expect(daemon.status().leases.filter(({ state }) => state !== 'ending')).toEqual([]);
    await until('the end', () => endings(stand).length === 1);
    expect(endings(stand)).toMatchObject([{ lease: lease.leaseId, outcome: 'stopped', by: 'console' }]);
    // A poll that tells the end asks for nothing.
    await until('a poll without it', () => stand.polls.at(-1)?.leases.length === 0);
    expect(stand.polls.at(-1)?.capacity).toBe(0);
    daemon.takeWork();
    await until('the next', () => daemon.status().leases.some(({ leaseId }) => leaseId === next.leaseId));
  });

  it('do not wait for a platform that is out of reach; one that waited on disk for its word keeps its place', async () => {
    const stand = await platform();
    const stateDirectory = await folder();
    const before = await appliance(stand, stateDirectory);
    const lease = stand.grant();
    await until('events', () => stand.events.length > 20);
    await before.stop();
    const { enrolment } = stand;
    const port = await stand.disconnect();
    const daemon = await appliance(stand, stateDirectory, enrolment);
    await until('the lease', () => daemon.status().leases.length === 1);
    await daemon.cancelScans();
    daemon.takeWork();
    const held = stand.events.length;
    await stand.reconnect(port);
    await until('more', () => stand.events.filter((event) => event.lease === lease.leaseId).length > held + 20);
    expect(endings(stand)).toEqual([]);
  });

  it('keep their place while they pause, and go on with a worker that knows the new network', async () => {
    const stand = await platform();
    const daemon = await appliance(stand, await folder());
    const lease = stand.grant();
    await until('events', () => stand.events.length > 20);
    stand.want(lease.leaseId, 'pause');
    await until('paused', () => daemon.status().leases[0]?.state === 'paused');
    await daemon.cancelScans();
    expect(endings(stand)).toEqual([]);
    daemon.takeWork();
    stand.want(lease.leaseId, 'run');
    const held = stand.events.length;
    await until('more', () => stand.events.length > held + 20);
    expect(endings(stand)).toEqual([]);
  });
});
