import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { profiles } from '@picket/plan/profile';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { PauseGate } from '../pause-gate.ts';
import { runJob } from '../run-job.ts';
import { depsOf, jobOf } from './run-on.ts';

/** A scan in a process of its own, so that a test can run it inside a namespace: `scan-process.ts TARGETS PORTS PROFILE`; prints NDJSON. */
const [targets = '', ports = '', name = 'normal'] = process.argv.slice(2);
const profile = Object.values(profiles).find((known) => known.name === name) ?? profiles.normal;
const job = jobOf({ targets, ports, profile });
const deps = depsOf(systemClock, nodeSockets(), { random: systemRandom });
for await (const event of runJob(job, deps, { signal: new AbortController().signal, pause: new PauseGate() })) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
