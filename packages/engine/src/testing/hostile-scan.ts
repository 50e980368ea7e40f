import { readFileSync } from 'node:fs';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { silentLog } from '@picket/base/log';
import { profiles } from '@picket/plan/profile';
import { openLocalEngine } from '../adapters/local-engine.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import { runJob } from '../run/run-job.ts';
import { jobOf } from './run-on.ts';

/**
 * A whole scan of loopback ports in a process of its own, which tells at its end how long it took and how far its memory grew:
 * `hostile-scan.ts PORTS CONTENT-FOLDER SECONDS`. With more than 0 seconds the job has that deadline. Prints NDJSON.
 */
const [ports = '', contentDirectory = '', seconds = '0'] = process.argv.slice(2);
const machine = { clock: systemClock, random: systemRandom };
const deps = await openLocalEngine({ ...machine, log: silentLog, contentDirectory, allowListFile: null, names: false });
const deadlineMs = Number(seconds) > 0 ? Date.now() + Number(seconds) * 1000 : null;
const job = jobOf(
  { targets: '127.0.0.1', ports, profile: profiles.fast, assumeAlive: true, services: true, checks: true },
  { deadlineMs },
);

/** A figure of this process as the kernel counts it, megabytes. */
function megabytes(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
}

const startMb = megabytes('VmRSS');
const startedAt = performance.now();
for await (const event of runJob(job, deps, { signal: new AbortController().signal, pause: new PauseGate() })) {
  process.stdout.write(`${JSON.stringify({ ...event, at: Math.round(performance.now() - startedAt) })}\n`);
}
const took = Math.round(performance.now() - startedAt);
process.stdout.write(`${JSON.stringify({ type: 'over', took, startMb, peakMb: megabytes('VmHWM') })}\n`);
