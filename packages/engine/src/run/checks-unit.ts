import { isoTime } from '@picket/base/clock';
import type { ChecksProgress } from '@picket/contracts/checks-progress';
import type { UnitRef } from '@picket/contracts/event';
import type { HostInWork, RunContext } from './run-context.ts';
import type { CheckPayload, ServiceEvent } from './stages.ts';
import { withinBudget } from '../connect/time-budget.ts';
import type { UnitEnd, UnitVoice } from './unit-ledger.ts';

/** Longest run of all checks on one host, milliseconds without pauses. */
const hostBudgetMs = 30 * 60_000;

/** Runs the checks of a host on what was found of it. */
export async function checkHost(
  context: RunContext,
  work: {
    readonly host: HostInWork;
    readonly services: readonly Omit<ServiceEvent, 'unit' | 'time'>[];
    readonly earlier: readonly ChecksProgress[];
  },
  voice: UnitVoice,
): Promise<UnitEnd> {
  const { checks, clock, random, job } = context;
  if (!checks) return { state: 'not-evaluable', reason: 'check-unsupported', detail: 'no checks are installed' };
  const session = context.gate.session(work.host.address);
  const counts = { run: 0, findings: 0, notEvaluable: 0 };
  try {
    const unit: UnitRef = { phase: 'services', subject: work.host.address };
    const services = work.services.map((service): ServiceEvent => ({ ...service, unit, time: isoTime(clock.now()) }));
    const { earlier } = work;
    const names = work.host.identity.trusted.map(({ name }) => name);
    const target = { address: work.host.address, names, services, earlier };
    const tools = {
      dialer: session.dialer,
      clock,
      random,
      signal: session.signal,
      intrusive: job.checks.intrusive,
      parallel: job.profile.checksPerHost,
    };
    const budget = { clock, milliseconds: hostBudgetMs, signal: context.signal };
    const result = await withinBudget(budget, async () => {
      for await (const payload of checks(target, tools)) {
        if (!voice.open()) return;
        count(counts, payload);
        voice.tell(payload);
        await context.queue.room();
      }
    });
    if (result.state === 'done') return { state: 'done', counts };
    return {
      state: 'not-evaluable',
      reason: 'budget-exhausted',
      detail: `the checks took longer than ${hostBudgetMs / 60_000} minutes`,
      counts,
    };
  } finally {
    session.close();
  }
}

function count(counts: { run: number; findings: number; notEvaluable: number }, payload: CheckPayload): void {
  if (payload.type === 'finding') counts.findings += 1;
  if (payload.type !== 'checked') return;
  counts.run += payload.passed.length;
  counts.notEvaluable += payload.notEvaluable.length;
}
