import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, labDown, labUp, nsStart, setWire } from '../lab/lab-control.ts';
import {
  canRunPostgres,
  type PostgresServer,
  startPostgres,
} from '../packages/platform/src/storage/server/testing-postgres.ts';
import type { Deployment, DeploymentOptions } from './harness/deployment.ts';
import { readFacts, type ScanFacts } from './harness/facts.ts';
import { deployInLab, platformPort } from './harness/lab-deployment.ts';
import { Program } from './harness/process.ts';

const support = canUseNamespaces();
const name = `fault${process.pid}`;
const hosts = ['web-weak', 'cache-weak', 'files-weak', 'mail-weak', 'device-weak', 'all-closed'];
/** Slow enough that a fault hits it in the middle, quick enough for a test. */
const request = { kind: 'scan' as const, ports: 'top1000', profile: 'normal' as const };

/** A platform on a database of its own and an appliance, with the lab's network registered. */
interface Ground {
  readonly deployment: Deployment;
  readonly networkId: number;
  readonly databaseUrl: string;
}

describe.skipIf(!support.ok || !canRunPostgres())('faults during a scan of the lab', () => {
  let lab: Lab;
  let postgres: PostgresServer;
  let undisturbed: ScanFacts;
  let databases = 0;

  beforeAll(async () => {
    lab = await labUp({ name, hosts });
    postgres = await startPostgres();
    undisturbed = await disturbed(async () => {});
    expect(undisturbed.facts.length).toBeGreaterThan(20);
  }, 300_000);

  afterAll(async () => {
    await postgres?.stop();
    await labDown(name);
  }, 60_000);

  it('kill -9 of the platform', async () => {
    await expectUndisturbed(async ({ deployment }) => {
      await deployment.platform.stop('SIGKILL');
      await deployment.startPlatform();
    });
  }, 300_000);

  it('kill -9 of the appliance', async () => {
    await expectUndisturbed(async ({ deployment }) => {
      await deployment.appliance.stop('SIGKILL');
      await deployment.restartAppliance();
    });
  }, 300_000);

  it('kill -9 of the scan worker', async () => {
    await expectUndisturbed(async ({ deployment }) => {
      const worker = await workerOf(deployment.appliance.pid);
      process.kill(worker, 'SIGKILL');
      await expect
        .poll(() => workerOf(deployment.appliance.pid).catch(() => worker), { timeout: 20_000 })
        .not.toBe(worker);
    });
  }, 300_000);

  it('restart of the database', async () => {
    await expectUndisturbed(async () => {
      await postgres.crash();
      await delay(3000);
      await postgres.start();
    });
  }, 300_000);

  it('network cut for 60 s', async () => {
    await expectUndisturbed(async () => {
      await setWire(lab, 'scanner', 'mgmt', 'down');
      await delay(60_000);
      await setWire(lab, 'scanner', 'mgmt', 'up');
    });
  }, 400_000);

  it('uploads cut in the middle of a batch', async () => {
    const { ipv4 } = lab.truth.managementNetwork.platform;
    const port = platformPort + 1;
    const script = fileURLToPath(new URL('programs/relay.ts', import.meta.url));
    const argv = [
      process.execPath,
      script,
      '--listen',
      `${ipv4}:${port}`,
      '--to',
      `${ipv4}:${platformPort}`,
      '--cut-after',
      '6000',
      '--times',
      '6',
    ];
    await using relay = new Program((command, env) => nsStart(lab, 'platform', command, env), argv);
    await relay.start(/relay ready/);
    const platform = {
      launch: (command: readonly string[], env: Readonly<Record<string, string>>) =>
        nsStart(lab, 'platform', command, env),
      listen: ipv4,
      port: platformPort,
    };
    // The cuts begin with the first upload: no middle of the scan has to be waited for, and none may be seen.
    const facts = await disturbed(async () => {}, { platform, publicPort: port, from: -1 });
    expect(relay.log).toContain('cut after');
    expect(facts).toEqual(undisturbed);
  }, 300_000);

  it('disk full under the spool', async () => {
    const state = await mkdtemp(join(tmpdir(), 'picket-small-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', state]);
    try {
      await mkdir(join(state, 'appliance'), { mode: 0o700 });
      const facts = await disturbed(
        async ({ deployment }) => {
          // No way out for the results, and no room to keep them.
          await deployment.platform.stop('SIGKILL');
          const ballast = join(state, 'ballast');
          try {
            await fillDisk(ballast);
            await deployment.appliance.waitFor(/"full":true/, 60_000);
          } finally {
            await rm(ballast);
          }
          await deployment.startPlatform();
        },
        { applianceState: join(state, 'appliance'), from: 0.02 },
      );
      expect(facts).toEqual(undisturbed);
    } finally {
      execFileSync('umount', ['-l', state]);
      await rm(state, { recursive: true, force: true });
    }
  }, 300_000);

  async function expectUndisturbed(fault: (ground: Ground) => Promise<void>): Promise<void> {
    expect(await disturbed(fault)).toEqual(undisturbed);
  }

  /** Runs the scan on a fresh deployment, lets the fault happen in its middle, waits for its end and reads what it left. */
  async function disturbed(
    fault: (ground: Ground) => Promise<void>,
    options: Partial<DeploymentOptions> & { from?: number } = {},
  ): Promise<ScanFacts> {
    databases += 1;
    const database = `fault_${databases}`;
    await postgres.administer(`create database ${database}`);
    const databaseUrl = postgres.socketUrl(database);
    await using deployment = await deployInLab(lab, { databaseUrl, ...options });
    await deployment.startPlatform();
    const networkId = await deployment.network('Lab', lab.truth.scanNetwork.ipv4);
    await deployment.enrol('lab-scanner', [networkId]);
    const scanId = await deployment.launch({ ...request, networkId, targets: addressesOf(lab) });
    await deployment.untilScan(scanId, (scan) => scan.progress > (options.from ?? 0.2) && scan.progress < 1, 120_000);
    await fault({ deployment, networkId, databaseUrl });
    const scan = await deployment.untilEnded(scanId, 120_000);
    expect({ status: scan.status, complete: scan.complete }, deployment.tails()).toEqual({
      status: 'finished',
      complete: true,
    });
    return readFacts(databaseUrl, scanId);
  }
});

function addressesOf(lab: Lab): string {
  return lab.truth.hosts.flatMap((host) => host.ipv4 ?? []).join(' ');
}

/** Writes into a new file until its disk has not one free block. */
async function fillDisk(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (;;) await file.write(Buffer.alloc(4096));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    await file.close();
  }
}

/** Process id of the scan worker below a daemon. */
async function workerOf(daemon: number): Promise<number> {
  const tasks = await readdir(`/proc/${daemon}/task`);
  const children = await Promise.all(
    tasks.map((task) => readFile(`/proc/${daemon}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  const pid = Number(children.join(' ').trim().split(/\s+/)[0]);
  if (!(pid > 0)) throw new Error('the daemon has no scan worker now');
  return pid;
}
