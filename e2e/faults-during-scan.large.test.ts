import { spawnSync } from 'node:child_process';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, labDown, labUp } from '../lab/lab-control.ts';
import { Tmux } from '../packages/appliance/src/testing/tmux.ts';
import {
  canRunPostgres,
  type PostgresServer,
  startPostgres,
} from '../packages/platform/src/storage/server/testing-postgres.ts';
import { readFacts, type ScanFacts } from './harness/facts.ts';
import { FaultGround, ready } from './harness/fault-ground.ts';
import { type FaultRow, faultRows } from './harness/fault-rows.ts';
import { type FaultTimes, keepTimes, timesOf } from './harness/fault-times.ts';

const support = canUseNamespaces();
const canCompile = spawnSync('cc', ['--version']).status === 0;
const name = `fds${process.pid}`;
const hosts = ['web-weak', 'cache-weak', 'database-maria', 'mail-weak', 'device-weak', 'all-closed'];
const request = { kind: 'scan' as const, ports: 'top1000', profile: 'normal' as const };
/** Bounds a test that hangs. */
const longMs = 180_000;

describe.skipIf(!support.ok || !canRunPostgres() || !Tmux.present || !canCompile)('a fault during a scan', () => {
  let lab: Lab;
  let postgres: PostgresServer;
  let undisturbed: ScanFacts;
  let databases = 0;

  beforeAll(async () => {
    lab = await labUp({ name, hosts });
    postgres = await startPostgres();
    await onGround(async (ground, scan) => {
      const id = await scan();
      await ended(ground, id);
      undisturbed = await readFacts(postgres.socketUrl(`during_${databases}`), id);
    });
    expect(undisturbed.facts.length).toBeGreaterThan(20);
  }, 400_000);

  afterAll(async () => {
    await postgres?.stop();
    await labDown(name);
  }, 60_000);

  it.each(faultRows.map((row) => [row.fault, row] as const))(
    '%s',
    async (_fault, row) => {
      await onGround(async (ground, scan) => {
        const running = row.during === 'a scan' ? await scan() : null;
        if (running !== null) await inItsMidst(ground, running);
        const times = await undergo(ground, row);
        const id = running ?? (await scan());
        await ended(ground, id);
        await ground.screens.until(ready, longMs);
        expect(await readFacts(postgres.socketUrl(`during_${databases}`), id)).toEqual(undisturbed);
        expectScreens(ground, row, times.at.made);
        await keepTimes(row.id, timesOf(times));
      });
    },
    600_000,
  );

  /** A fresh platform and appliance, with the lab's network registered. */
  async function onGround(work: (ground: FaultGround, scan: () => Promise<number>) => Promise<void>): Promise<void> {
    databases += 1;
    await postgres.administer(`create database during_${databases}`);
    await using ground = await FaultGround.open(lab, postgres.socketUrl(`during_${databases}`));
    const networkId = await ground.deployment.network('Lab', lab.truth.scanNetwork.ipv4);
    await ground.enrol(networkId);
    const targets = lab.truth.hosts.flatMap((host) => host.ipv4 ?? []).join(' ');
    await work(ground, () => ground.deployment.launch({ ...request, networkId, targets }));
  }
});

async function inItsMidst({ deployment }: FaultGround, scanId: number): Promise<void> {
  await deployment.untilScan(scanId, ({ progress }) => progress > 0.05 && progress < 1, longMs);
}

async function ended({ deployment }: FaultGround, scanId: number): Promise<void> {
  const { status, complete } = await deployment.untilEnded(scanId, longMs);
  expect({ status, complete }, deployment.tails()).toEqual({ status: 'finished', complete: true });
}

/** Makes the fault, waits until it has bitten, takes it away, and waits until NAME–IP is there. */
async function undergo(ground: FaultGround, row: FaultRow): Promise<FaultTimes> {
  const { screens } = ground;
  const made = performance.now();
  await row.make(ground);
  await (row.lasts?.(ground) ?? screens.until(/^COMMUNICATION FAILURE$/, longMs));
  const mending = performance.now();
  await row.mend(ground);
  const mended = performance.now();
  const back = await screens.until(ready, longMs);
  return { at: { made, mending, mended, back: back.at }, screens: screens.since(made) };
}

function expectScreens({ screens, deployment }: FaultGround, row: FaultRow, made: number): void {
  const seen = screens.since(made);
  const names = seen.map(({ lines }) => (ready.test(lines) ? 'NAME–IP' : lines));
  const story = JSON.stringify(seen, null, 1);
  expect(
    names.filter((shown, index) => shown !== names[index - 1]),
    `${story}\n${deployment.tails()}`,
  ).toEqual(row.screens);
  const failures = seen.filter(({ lines }) => lines === 'COMMUNICATION FAILURE');
  // Scans that run go on without the platform: only when none does any more it shows.
  expect(failures.filter(({ s1 }) => s1)).toEqual([]);
  if (row.says !== null) expect(failures.map(({ alarm }) => alarm).join('\n'), story).toMatch(row.says);
}
