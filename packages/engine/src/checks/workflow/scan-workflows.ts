import { usesVariable } from '@picket/checks/workflow/variables-used';
import type { CompiledCheck } from '@picket/checks/check';
import type { Workflow } from '@picket/checks/workflow/link-workflow';
import type { ServiceEvent } from '../../run/stages.ts';
import type { CheckPlace, CheckResult, FindingPayload } from '../check-run.ts';
import type { CheckSession } from '../check-session.ts';
import { applies } from '../select-checks.ts';
import type { HandedValues } from './handed-values.ts';
import { runWorkflow, type WorkflowResult } from './run-workflow.ts';

/** A service of a scanned host, with how its checks ended. */
export interface CheckedService {
  readonly place: CheckPlace;
  readonly service: ServiceEvent;
  /** By id of the check. */
  readonly results: Map<string, CheckResult>;
}

/** The workflows whose beginning applies to a service. */
export function workflowsFor(service: ServiceEvent, workflows: readonly Workflow[]): Workflow[] {
  return workflows.filter(({ steps }) =>
    steps.some(({ parts }) => parts.some((part) => part.workflow === null && applies(part, service))),
  );
}

/**
 * Runs a workflow on a service whose checks have all been run on their own. A last part that the workflow would ask the very same thing
 * is not asked again; one that needs a value of an earlier part is.
 */
export function scanWorkflow(
  workflow: Workflow,
  { place, service, results }: CheckedService,
  session: CheckSession,
): Promise<WorkflowResult> {
  const already = (part: CompiledCheck, handed: HandedValues): CheckResult | null => {
    const known = results.get(part.id);
    return known === undefined || needs(part, handed) ? null : known;
  };
  return runWorkflow(workflow, { ...place, already, applies: (part) => applies(part, service) }, session);
}

/** Whether a part does something else with these values than without. One that can't be compiled any more tells so when it is run. */
function needs(part: CompiledCheck, handed: HandedValues): boolean {
  if (handed.size === 0) return false;
  try {
    return usesVariable(part.program(), new Set(handed.keys()));
  } catch {
    return true;
  }
}

/** Takes over how a workflow and its parts ended; gives the findings that were not told yet. */
export function takeOver(
  id: string,
  { result, parts }: WorkflowResult,
  results: Map<string, CheckResult>,
): FindingPayload[] {
  const fresh: FindingPayload[] = [];
  for (const [part, ended] of parts) {
    const known = results.get(part);
    const told = new Set(known?.kind === 'found' ? known.findings.map(({ instance }) => instance) : []);
    if (ended.kind === 'found') fresh.push(...ended.findings.filter(({ instance }) => !told.has(instance)));
    // Alone, a part that lacks a value could not be judged, or was judged without it.
    if (known?.kind !== 'found') results.set(part, ended);
  }
  results.set(id, result);
  return fresh;
}
