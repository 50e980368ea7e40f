import { silentLog } from '@picket/base/log';
import { rangeSet } from '@picket/base/range-set';
import { parseRange } from '@picket/base/ip';
import type { EngineEvent } from '@picket/contracts/event';
import { type PlanRequest, buildPlan } from '@picket/plan/plan';
import { profiles } from '@picket/plan/profile';
import type { FakeClock } from '@picket/testkit/fake-clock';
import { type EngineJob, jobFromPlan } from '../run/job.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import { type EngineControl, type EngineDeps, type JobOutcome, runJob } from '../run/run-job.ts';
import type { SocketFactory } from '../gate/socket-factory.ts';
import { seededRandom } from './seeded-random.ts';

/** A job from what a person would type; services and checks are off unless asked for. */
export function jobOf(request: Partial<PlanRequest> & { targets: string }, more: Partial<EngineJob> = {}): EngineJob {
  const plan = buildPlan({
    kind: 'scan',
    exclude: '',
    ports: '1-30',
    profile: profiles.normal,
    assumeAlive: false,
    services: false,
    checks: false,
    resolved: new Map(),
    ...request,
  });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return { ...jobFromPlan(plan.value), ...more };
}

export function depsOf(clock: EngineDeps['clock'], sockets: SocketFactory, more: Partial<EngineDeps> = {}): EngineDeps {
  return {
    clock,
    random: seededRandom(1),
    log: silentLog,
    sockets,
    resolver: null,
    identify: null,
    identifyOs: async () => null,
    checks: null,
    localAllowList: null,
    ...more,
  };
}

export interface RunResult {
  readonly events: readonly EngineEvent[];
  readonly outcome: JobOutcome;
}

/** Reads a run to its end. `onEvent` may steer it. */
export async function collect(
  job: EngineJob,
  deps: EngineDeps,
  control: EngineControl = { signal: new AbortController().signal, pause: new PauseGate() },
  onEvent: (event: EngineEvent) => void | Promise<void> = () => {},
): Promise<RunResult> {
  const events: EngineEvent[] = [];
  const run = runJob(job, deps, control);
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, outcome: next.value };
    events.push(next.value);
    await onEvent(next.value);
  }
}

/** `collect` on a clock that moves by itself. */
export function collectFake(clock: FakeClock, ...args: Parameters<typeof collect>): Promise<RunResult> {
  return clock.drive(collect(...args));
}

/** A range set from texts. */
export function setOf(...texts: readonly string[]) {
  return rangeSet(
    texts.map((text) => {
      const range = parseRange(text);
      if (!range.ok) throw new Error(text);
      return range.value;
    }),
  );
}

/** Events of one kind. */
export function ofType<T extends EngineEvent['type']>(
  events: readonly EngineEvent[],
  type: T,
): Extract<EngineEvent, { type: T }>[] {
  return events.filter((event): event is Extract<EngineEvent, { type: T }> => event.type === type);
}

/** `ports/10.0.0.1 done` for each unit event that is no start, sorted. */
export function unitEnds(events: readonly EngineEvent[]): string[] {
  return ofType(events, 'unit')
    .filter((event) => event.state !== 'running')
    .map((event) => `${event.unit.phase}/${event.unit.subject} ${event.state}${event.reason ? ` ${event.reason}` : ''}`)
    .sort();
}
