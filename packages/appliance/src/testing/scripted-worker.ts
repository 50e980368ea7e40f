import { readFileSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { systemClock } from '@picket/base/adapters/system';
import type { Clock } from '@picket/base/clock';
import { silentLog } from '@picket/base/log';
import type { EngineEvent } from '@picket/contracts/event';
import type { EngineJob } from '@picket/engine/run/job';
import type { EngineControl, JobOutcome } from '@picket/engine/run/run-job';
import { serveLease } from '../worker/session.ts';

/**
 * A scan worker whose engine follows a script instead of the network: `--units N` units of `--events M` port events,
 * `--evidence BYTES` a finding with so much raw exchange after each of them, `--pause-ms` between events, `--die-on UNIT` kills itself in that unit (each time), `--die-once FILE` only the first time.
 */
const options = new Map<string, string>();
for (let index = 2; index < process.argv.length; index += 2)
  options.set(process.argv[index] ?? '', process.argv[index + 1] ?? '');
const number = (name: string, fallback: number) => Number(options.get(name) ?? fallback);

async function* engine(job: EngineJob, clock: Clock, control: EngineControl): AsyncGenerator<EngineEvent, JobOutcome> {
  const ended = new Set(job.resume.ended.map((unit) => unit.subject));
  const time = () => new Date(clock.now()).toISOString();
  for (let host = 1; host <= number('--units', 3); host += 1) {
    const address = `127.0.0.${host}`;
    const unit = { phase: 'ports' as const, subject: address };
    if (ended.has(address)) continue;
    yield { type: 'unit', unit, time: time(), state: 'running' };
    for (let port = 1; port <= number('--events', 5); port += 1) {
      await control.pause.whenOpen(control.signal).catch(() => {});
      if (control.signal.aborted) return { outcome: 'stopped', reason: 'cancelled' };
      if (port === 3 && dies(address)) process.kill(process.pid, 'SIGKILL');
      yield { type: 'port', unit, time: time(), address, protocol: 'tcp', port, state: 'open', reason: 'accepted' };
      if (options.has('--evidence')) yield finding(address, port, time());
      await clock.sleep(number('--pause-ms', 0), control.signal).catch(() => {});
    }
    yield { type: 'unit', unit, time: time(), state: 'done', counts: { open: number('--events', 5) } };
  }
  return { outcome: 'complete' };
}

function finding(address: string, port: number, time: string): EngineEvent {
  const response = String(port).padEnd(number('--evidence', 0), 'r');
  const unit = { phase: 'ports' as const, subject: address };
  const what = { check: 'scripted', contentVersion: '1', name: 'Scripted', severity: 'low' as const };
  const evidence = { matcher: `port ${port}`, response };
  return {
    type: 'finding',
    unit,
    time,
    address,
    protocol: 'tcp',
    port,
    ...what,
    proof: 'behaviour',
    instance: '',
    evidence,
  };
}

function dies(address: string): boolean {
  if (options.get('--die-on') !== address) return false;
  const marker = options.get('--die-once');
  if (marker === undefined) return true;
  try {
    readFileSync(marker);
    return false;
  } catch {
    writeFileSync(marker, 'died');
    return true;
  }
}

const stream = new Socket({ fd: 3, readable: true, writable: true });
await serveLease(stream, { clock: systemClock, log: silentLog, run: engine });
stream.end(() => process.exit(0));
