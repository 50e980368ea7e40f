import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { silentLog } from '@picket/base/log';
import { profiles } from '@picket/plan/profile';
import { openLocalEngine } from '../adapters/local-engine.ts';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import { runJob } from '../run/run-job.ts';
import { depsOf, jobOf } from './run-on.ts';

/**
 * A scan in a process of its own, so that a test can run it inside a namespace or see how it ends:
 * `scan-process.ts TARGETS PORTS PROFILE [CONTENT-FOLDER]`; prints NDJSON. With content it goes on to services and
 * checks, and says `over` when the run has ended.
 */
const [targets = '', ports = '', name = 'normal', contentDirectory] = process.argv.slice(2);
const profile = Object.values(profiles).find((known) => known.name === name) ?? profiles.normal;
const whole = contentDirectory !== undefined;
const job = jobOf({ targets, ports, profile, services: whole, checks: whole });
const machine = { clock: systemClock, random: systemRandom };
const deps = whole
  ? await openLocalEngine({ ...machine, log: silentLog, contentDirectory, allowListFile: null })
  : depsOf(systemClock, nodeSockets(), { random: systemRandom });
for await (const event of runJob(job, deps, { signal: new AbortController().signal, pause: new PauseGate() })) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
if (whole) process.stdout.write(`${JSON.stringify({ type: 'over' })}\n`);
