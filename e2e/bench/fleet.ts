import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startProcess } from '@picket/testkit/running-process';
import { ScriptedAppliance } from '../../packages/platform/src/features/testing/scripted-appliance.ts';
import { startPostgres } from '../../packages/platform/src/storage/server/testing-postgres.ts';
import { HttpsVisitor } from '../harness/https-visitor.ts';
import { LoopbackPlatform } from '../harness/loopback-platform.ts';
import { enterFleet, type FleetPlace } from './fleet/fleet-database.ts';
import { timeToLease } from './fleet/job-starts.ts';
import { spreadOf, spreadText } from './fleet/percentile.ts';
import { SimulatedFleet } from './fleet/simulated-fleet.ts';
import { processCost } from './process-cost.ts';

const usage = `npm run bench:fleet [-- OPTIONS]

Simulated appliances on two platform replicas and one PostgreSQL, without sticky sessions: most poll, some have their polls held. Processor
time, memory, and how long polls and leases take; then one replica is killed and its appliances come over; then the same polls on a bare HTTPS
server of Node.js. Everything on loopback, and the simulated appliances share the machine. Needs root on Linux and Debian's PostgreSQL.

  --appliances N   that poll (default 5000); a list such as 1000,5000,10000 shows where it bends
  --interval S     seconds between two polls of one (default 60)
  --held N         more, whose polls are held (default 500)
  --seconds N      measured, after everybody polled once (default 120)
`;

const { values } = parseArgs({
  options: {
    appliances: { type: 'string', default: '5000' },
    interval: { type: 'string', default: '60' },
    held: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '120' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const interval = Number(values.interval);
const seconds = Number(values.seconds);
/** Appliances that wait for a job, one after the other. */
const probes = 5;
const say = (line: string) => void process.stdout.write(`${line}\n`);
/** Bytes of an answer without work. */
const answerBytes = 180;
/** What a load balancer takes to see that a replica is gone. */
const balancerMs = 2000;

for (const size of values.appliances.split(',').map(Number)) await measure(size, Number(values.held));

async function measure(polling: number, held: number): Promise<void> {
  say(
    `== ${polling} appliances poll every ${interval} s, ${held} more have their polls held; ${(polling / interval).toFixed(0)} polls/s`,
  );
  const folder = await mkdtemp(join(tmpdir(), 'picket-fleet-'));
  const postgres = await startPostgres();
  try {
    await postgres.administer('create database fleet');
    const url = postgres.socketUrl('fleet');
    await using first = await LoopbackPlatform.start(join(folder, 'first'), url);
    await cp(join(folder, 'first'), join(folder, 'second'), {
      recursive: true,
      filter: (path) => !path.endsWith('.sock'),
    });
    await using second = await LoopbackPlatform.start(join(folder, 'second'), url);
    const all = Array.from({ length: polling + held + probes }, () => new ScriptedAppliance('', first.ca));
    const places = await enterFleet(url, all);
    const postmaster = Number(
      (await readFile(join(new URL(url).searchParams.get('host') ?? '', 'data/postmaster.pid'), 'utf8')).split('\n')[0],
    );
    await onPlatform({ first, second, postmaster, all, places, polling });
    await onBareServer(join(folder, 'first/tls/server.pem'), first.ca, polling);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ground {
  readonly first: LoopbackPlatform;
  readonly second: LoopbackPlatform;
  readonly postmaster: number;
  readonly all: readonly ScriptedAppliance[];
  readonly places: readonly FleetPlace[];
  readonly polling: number;
}

async function onPlatform({ first, second, postmaster, all, places, polling }: Ground): Promise<void> {
  const person = new HttpsVisitor(`https://localhost:${first.port}`, first.ca);
  const { login, oneTimePassword } = first.status.firstManager ?? { login: '', oneTimePassword: '' };
  await person.settleIn(login, oneTimePassword, 'a long enough password');
  let origins = [first, second].map(({ port }) => `https://localhost:${port}`);
  const fleet = new SimulatedFleet(() => origins);
  fleet.addHeld(all.slice(polling, -probes));
  fleet.add(all.slice(0, polling), interval);
  await delay((interval + 5) * 1000);
  fleet.reset();
  const pids = {
    'replica 1': first.program.pid,
    'replica 2': second.program.pid,
    PostgreSQL: postmaster,
    'the simulated fleet': process.pid,
  };
  const before = Object.entries(pids).map(([name, pid]) => [name, pid, processCost(pid)] as const);
  const began = performance.now();
  const leases: number[] = [];
  for (let round = 0; performance.now() - began < seconds * 1000; round += 1) {
    const at = all.length - probes + (round % probes);
    const [box, place] = [all[at], places[at]];
    if (!box || !place) break;
    box.origin = origins[round % 2] ?? '';
    leases.push(await timeToLease(person, box, place));
    await delay(1000);
  }
  const elapsed = (performance.now() - began) / 1000;
  const { polls, late, failed } = fleet.figures();
  say(`polls: ${spreadText(spreadOf(polls))}; ${failed} failed`);
  say(`held polls, beyond the time they asked for: ${spreadText(spreadOf(late))}`);
  say(`launch of a job to its lease over a held poll: ${spreadText(spreadOf(leases))}`);
  for (const [name, pid, earlier] of before) {
    const now = processCost(pid);
    const cores = (now.cpuSeconds - earlier.cpuSeconds) / elapsed;
    say(`${name}: ${(cores * 100).toFixed(0)} % of a core, ${now.megabytes.toFixed(0)} MB`);
  }
  const spent = before
    .slice(0, 3)
    .reduce((sum, [, pid, earlier]) => sum + processCost(pid).cpuSeconds - earlier.cpuSeconds, 0);
  say(
    `processor time of platform and database: ${((spent / Math.max(1, polls.length + late.length)) * 1000).toFixed(1)} ms a poll`,
  );
  await second.program.stop('SIGKILL');
  const killed = performance.now();
  fleet.reset();
  setTimeout(() => (origins = [`https://localhost:${first.port}`]), balancerMs);
  let silent = 0;
  while (performance.now() - killed < (interval + 5) * 1000) {
    await delay(100);
    if (fleet.unheard > 0) silent = performance.now() - killed;
  }
  const moved = fleet.figures();
  say(
    `one replica killed, seen by the load balancer after ${balancerMs} ms: ${moved.failed} attempts failed, the last appliance was heard again after ${(silent / 1000).toFixed(1)} s; polls after it: ${spreadText(spreadOf(moved.polls))}`,
  );
  await fleet.stop();
  for (const box of all.slice(-probes)) box.close();
}

/** The same polls, as many and as large, on a server that does nothing with them. */
async function onBareServer(pem: string, ca: string, polling: number): Promise<void> {
  const server = startProcess([
    process.execPath,
    join(import.meta.dirname, 'fleet/bare-server.ts'),
    pem,
    pem,
    String(answerBytes),
  ]);
  try {
    const [, port] = await server.waitFor(/port (\d+)/);
    const fleet = new SimulatedFleet(() => [`https://localhost:${port}`]);
    fleet.add(
      Array.from({ length: polling }, () => new ScriptedAppliance('', ca)),
      interval,
    );
    await delay((interval + 5) * 1000);
    fleet.reset();
    const before = processCost(server.pid);
    await delay((seconds / 2) * 1000);
    const after = processCost(server.pid);
    const { polls, failed } = fleet.figures();
    const each = ((after.cpuSeconds - before.cpuSeconds) / Math.max(1, polls.length)) * 1000;
    say(
      `bare server: ${spreadText(spreadOf(polls))}; ${failed} failed; ${each.toFixed(1)} ms of processor time a poll, ${after.megabytes.toFixed(0)} MB`,
    );
    await fleet.stop();
  } finally {
    await server.stop();
  }
}
