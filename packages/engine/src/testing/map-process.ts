import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { silentLog } from '@picket/base/log';
import { profiles } from '@picket/plan/profile';
import { openLocalEngine } from '../adapters/local-engine.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import { runJob } from '../run/run-job.ts';
import { jobOf } from './run-on.ts';

/** A map in a process of its own, so that a test can run it inside a namespace: `map-process.ts TARGETS [WINS-SERVER…]`; prints NDJSON. */
const [targets = '', ...winsServers] = process.argv.slice(2);
const job = jobOf({ kind: 'map', targets, profile: profiles.fast });
const deps = await openLocalEngine({
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
  contentDirectory: null,
  allowListFile: null,
  winsServers,
});
for await (const event of runJob(job, deps, { signal: new AbortController().signal, pause: new PauseGate() })) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
