import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { harvest, startAppliance, temporaryFolder, until } from '../testing/appliance-bench.ts';
import { PlatformStandIn } from '../testing/platform-stand-in.ts';

const run = promisify(execFile);
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A file system of so many kilobytes. Needs root. */
async function smallDisk(kilobytes: number): Promise<string> {
  const folder = await temporaryFolder();
  cleanUps.push(folder.remove);
  const path = join(folder.path, 'disk');
  await mkdir(path);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path]);
  cleanUps.push(() => run('umount', [path]));
  return path;
}

describe('a full disk under the spool', () => {
  it('holds the scan, is reported, and loses nothing once uploads make room again', async () => {
    const stand = await PlatformStandIn.start();
    cleanUps.push(() => stand.stop());
    stand.activated = true;
    const stateDirectory = await smallDisk(600);
    const workerArgs = ['--units', '20', '--events', '200'];
    const daemon = await startAppliance({ enrolment: stand.enrolment, stateDirectory, workerArgs });
    cleanUps.push(() => daemon.stop());
    await until('ready', () => daemon.status().state === 'ready');
    stand.cutUploads = 1_000_000;
    stand.grant();
    await until('full', () => stand.polls.some((poll) => poll.spool.full), 30_000);
    expect(stand.polls.at(-1)?.trouble).toContainEqual(expect.objectContaining({ code: 'spool.full' }));
    expect(stand.events).toEqual([]);
    stand.cutUploads = 0;
    await until('slice', () => harvest(stand).outcomes.length === 1, 60_000);
    expect(harvest(stand).outcomes).toEqual(['complete']);
    expect(harvest(stand).ports).toHaveLength(4000);
    expect(stand.events.map((event) => event.seq)).toEqual(stand.events.map((_, index) => index + 1));
    await until('no trouble', () => daemon.status().trouble.length === 0);
  });

  it('takes raw evidence from the oldest findings while the platform is away, so that the scan ends and every finding arrives', async () => {
    const stand = await PlatformStandIn.start();
    cleanUps.push(() => stand.stop());
    stand.activated = true;
    // The reserve takes 4 MB of it, and the findings with their evidence would need 18.
    const stateDirectory = await smallDisk(11_000);
    const daemon = await startAppliance({
      enrolment: stand.enrolment,
      stateDirectory,
      workerArgs: ['--units', '5', '--events', '300', '--evidence', '12000'],
      settings: { spoolTrimAfterSeconds: 1 },
    });
    cleanUps.push(() => daemon.stop());
    await until('ready', () => daemon.status().state === 'ready');
    stand.cutUploads = 1_000_000;
    stand.grant();
    // The disk is full meanwhile, and all 1,500 findings are on it in the end: the slice waits for its upload only.
    await until('scanned', () => daemon.status().leases[0]?.state === 'ending', 60_000);
    expect(stand.events).toEqual([]);
    expect(daemon.status().trouble).toContainEqual(expect.objectContaining({ code: 'spool.trimmed' }));
    stand.cutUploads = 0;
    await until('slice', () => harvest(stand).outcomes.length === 1, 60_000);
    expect(harvest(stand)).toMatchObject({ outcomes: ['complete'] });
    expect(harvest(stand).ports).toHaveLength(1500);
    const findings = stand.events.flatMap(({ event }) => (event.type === 'finding' ? [event] : []));
    expect(new Set(findings.map(({ address, port }) => `${address}:${port}`)).size).toBe(1500);
    for (const { evidence, port } of findings) {
      expect(evidence.matcher).toBe(`port ${port}`);
      expect([evidence.response?.length, evidence.trimmed]).toEqual(
        evidence.trimmed ? [undefined, true] : [12_000, undefined],
      );
    }
    const lastTrimmed = findings.findLastIndex(({ evidence }) => evidence.trimmed);
    expect(lastTrimmed).toBeGreaterThan(0);
    expect(findings.slice(0, lastTrimmed + 1).every(({ evidence }) => evidence.trimmed)).toBe(true);
    await until('no trouble', () => daemon.status().trouble.length === 0);
  });
});
