import type { ChecksProgress } from '@picket/contracts/checks-progress';
import type { Phase } from '@picket/plan/phase';
import { checkHost } from './checks-unit.ts';
import { identifySystem } from './os-unit.ts';
import { type PortsOutcome, scanHostPorts } from './ports-unit.ts';
import type { HostInWork, RunContext } from './run-context.ts';
import { identifyServices } from './services-unit.ts';
import type { ServiceEvent } from './stages.ts';

/** What earlier runs found of a host, if any. */
export interface HostPast {
  readonly open: PortsOutcome['open'];
  readonly services: readonly ServiceEvent[];
  /** How far its checks are, by place. */
  readonly checks: readonly ChecksProgress[];
  /** It was assumed and had proved silent. */
  readonly silent: boolean;
}

/** Takes one host through its phases in order, leaving out those that an earlier run ended. Never rejects. */
export async function workOnHost(context: RunContext, host: HostInWork, past: HostPast): Promise<void> {
  const outcome: PortsOutcome = { open: past.open, silent: past.silent, closedPort: null };
  const services: Omit<ServiceEvent, 'unit' | 'time'>[] = [...past.services];
  for (const phase of hostPhases(context)) {
    const unit = { phase, subject: host.address };
    if (context.ledger.hasEnded(unit)) continue;
    await context.ledger.run(unit, async (voice) => {
      await context.queue.room();
      if (phase === 'ports') return scanHostPorts(context, { host, outcome }, voice);
      if (outcome.silent) return { state: 'not-evaluable', reason: 'host-silent' };
      if (phase === 'services') return identifyServices(context, { host, open: outcome.open, services }, voice);
      if (phase === 'checks') return checkHost(context, { host, services, earlier: past.checks }, voice);
      const { open, closedPort } = outcome;
      return identifySystem(context, { host, open, closedPort, services }, voice);
    });
  }
}

/** The phases of the job that have one unit a host. */
export function hostPhases(context: Pick<RunContext, 'job'>): readonly Exclude<Phase, 'discovery'>[] {
  return context.job.phases.filter((phase) => phase !== 'discovery');
}
