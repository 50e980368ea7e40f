import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseIp, parseRange } from '@picket/base/ip';
import { contains, countAddresses, rangeSet } from '@picket/base/range-set';
import type { ScanDetail } from '@picket/contracts/api/scan';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  canRunPostgres,
  type PostgresServer,
  startPostgres,
} from '../packages/platform/src/storage/server/testing-postgres.ts';
import { PoolGround, type PoolName, type PoolSlice, poolNames } from './harness/pool-ground.ts';

const support = canUseNamespaces();
/**
 * Six times the eight hosts that a gentle scan takes at once: two turns for each of three. With 32 there were four turns, of which three
 * appliances need two, however good they are.
 */
const hosts = 48;
const targets = `10.97.4.0-10.97.4.${hosts - 1}`;
const leaseSeconds = 40;

interface Outcome {
  readonly scan: ScanDetail;
  readonly seconds: number;
  readonly slices: readonly PoolSlice[];
  /** Hosts, ports, services and findings, as keys that are the same in every scan. */
  readonly facts: readonly string[];
  /** Units of the ledger: of hosts by phase, and of blocks. */
  readonly units: readonly { readonly phase: string; readonly subject: string; readonly state: string }[];
  readonly probers: ReadonlyMap<string, ReadonlySet<PoolName>>;
}

describe.skipIf(!support.ok || !canRunPostgres())('a pool of three appliances', () => {
  let postgres: PostgresServer;
  let ground: PoolGround;
  let alone: Outcome;

  beforeAll(async () => {
    postgres = await startPostgres();
    await postgres.administer('create database pool');
    ground = await PoolGround.open(postgres.socketUrl('pool'), leaseSeconds);
    alone = await run(['one']);
    process.stdout.write(`one appliance: ${alone.seconds.toFixed(0)} s for ${hosts} hosts\n`);
    expect(alone.facts.length).toBeGreaterThan(hosts * 3);
    expectComplete(alone);
    expect(alone.slices.length).toBe(1);
  }, 590_000);

  afterAll(async () => {
    await ground?.[Symbol.asyncDispose]();
    await postgres?.stop();
  }, 60_000);

  it('shares a scan: everything once, each host asked by one of them', async () => {
    const pool = await run(poolNames);
    tell('three appliances', pool);
    expectComplete(pool);
    expect(pool.facts).toEqual(alone.facts);
    expect(pool.slices.every(({ attempt }) => attempt === 1)).toBe(true);
    expect(new Set(pool.slices.flatMap(({ holders }) => holders)).size).toBe(3);
    expect([...pool.probers.values()].filter((names) => names.size > 1)).toEqual([]);
  }, 590_000);

  it('ends complete with one killed, one cut off and one slow: only what was leased again is asked again', async () => {
    let brake: Promise<void> = Promise.resolve();
    const released = new AbortController();
    const pool = await run(poolNames, async (scanId) => {
      await untilAllWork(scanId);
      await ground.appliance('two').program.stop('SIGKILL');
      await ground.lab.setLink('three', 'mgmt0', 'down');
      brake = slowDown(ground.appliance('one').program.pid, released.signal);
      // Back once its slice was given to another, or was waiting for one: its results come late then, and count once.
      await expect
        .poll(async () => holdsNothing(await ground.slices(scanId), 'three'), { timeout: 200_000, interval: 500 })
        .toBe(true);
      await ground.lab.setLink('three', 'mgmt0', 'up');
    });
    released.abort();
    await brake;
    tell('one killed, one cut off, one at half speed', pool);
    expectComplete(pool);
    expect(pool.facts).toEqual(alone.facts);
    const again = pool.slices.filter(({ attempt }) => attempt > 1);
    expect(again.length).toBeGreaterThanOrEqual(2);
    // A slice was given again only after one that was killed or cut off had held it.
    for (const { holders } of again) expect(['two', 'three']).toContain(holders.at(-2));
    for (const { attempt, holders } of pool.slices) expect(holders.length).toBe(attempt);
    const twice = [...pool.probers].filter(([, names]) => names.size > 1).map(([key]) => key);
    expect(twice.filter((key) => !lies(key, again))).toEqual([]);
  }, 590_000);

  async function run(names: readonly PoolName[], disturb: (scanId: number) => Promise<void> = async () => {}) {
    const { deployment, networkId } = ground;
    const stop = await ground.watch();
    const applianceIds = names.map((name) => ground.appliance(name).id);
    const began = performance.now();
    const request = { kind: 'scan', networkId, targets, applianceIds, ports: '23,2323', profile: 'gentle' } as const;
    const id = await deployment.launch(request);
    await disturb(id);
    const scan = await deployment.untilEnded(id, 500_000);
    const seconds = (performance.now() - began) / 1000;
    const facts = await ground.query<{ text: string }>(
      `select key || ' ' || coalesce(event ->> 'state', event ->> 'service', '') || ' ' || coalesce(event ->> 'product', '') as text
         from scan_fact where scan_id = $1 and type in ('host', 'port', 'service', 'finding') order by 1`,
      id,
    );
    const units = await ground.query<Outcome['units'][number]>(
      'select phase, subject, state from unit where scan_id = $1 order by phase, subject',
      id,
    );
    const slices = await ground.slices(id);
    return { scan, seconds, slices, facts: facts.map(({ text }) => text), units, probers: await stop() };
  }

  function tell(what: string, { seconds, slices }: Outcome): void {
    const sizes = slices.map((slice) => `${countAddresses(setOf([slice]))}:${slice.holders.join('>')}`);
    const ratio = (seconds / alone.seconds).toFixed(2);
    process.stdout.write(`${what}: ${seconds.toFixed(0)} s, ${ratio} of one appliance's; slices ${sizes.join(' ')}\n`);
  }

  /** Every block found once, every phase of every host ended once. */
  function expectComplete({ scan, slices, units }: Outcome): void {
    const { status, complete, notEvaluable } = scan;
    expect({ status, complete, notEvaluable }).toEqual({ status: 'finished', complete: true, notEvaluable: [] });
    expect(units.filter(({ state }) => state !== 'done')).toEqual([]);
    const blocks = units.filter(({ phase }) => phase === 'discovery').map(({ subject }) => subject);
    expect(blocks.toSorted()).toEqual(slices.flatMap((slice) => slice.blocks).toSorted());
    const sum = slices.reduce((total, slice) => total + countAddresses(setOf([slice])), 0n);
    expect([sum, countAddresses(setOf(slices))]).toEqual([BigInt(hosts), BigInt(hosts)]);
    for (const phase of ['ports', 'services', 'os', 'checks'])
      expect(units.filter((unit) => unit.phase === phase).length).toBe(hosts);
  }

  async function untilAllWork(scanId: number): Promise<void> {
    const holding = async () =>
      new Set((await ground.slices(scanId)).flatMap(({ state, holders }) => (state === 'leased' ? holders : []))).size;
    await expect.poll(holding, { timeout: 60_000, interval: 200 }).toBe(3);
    await ground.deployment.untilScan(scanId, ({ progress }) => progress > 0.1);
  }
});

/** No slice is leased to it, as the platform sees it. */
function holdsNothing(slices: readonly PoolSlice[], name: PoolName): boolean {
  return !slices.some(({ state, holders }) => state === 'leased' && holders.at(-1) === name);
}

function setOf(slices: readonly PoolSlice[]) {
  return rangeSet(
    slices
      .flatMap((slice) => slice.blocks)
      .flatMap((text) => {
        const range = parseRange(text);
        return range.ok ? [range.value] : [];
      }),
  );
}

function lies(key: string, slices: readonly PoolSlice[]): boolean {
  const address = parseIp(key.split(':')[0] ?? '');
  return address.ok && contains(setOf(slices), address.value);
}

/** Stops an appliance's scan worker for half of the time, until told to leave it. */
async function slowDown(daemon: number, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const workers = await childrenOf(daemon);
    for (const pid of workers) signal(pid, 'SIGSTOP');
    await delay(300);
    for (const pid of workers) signal(pid, 'SIGCONT');
    await delay(300);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const texts = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  return texts.join(' ').split(/\s+/).filter(Boolean).map(Number);
}
