import type { PlanError } from '@picket/plan/plan';
import { localPlan } from '../plan/local-plan.ts';
import { type Draft, hasFoundTargets, requestOf } from './draft.ts';

/** Faults of a draft that the planner in the browser already sees; none while there is nothing to plan yet. Pure. */
export function localFaults(draft: Draft): readonly PlanError[] {
  const request = requestOf(draft);
  if (request === null || hasFoundTargets(draft)) return [];
  const plan = localPlan(request);
  return plan.ok ? [] : plan.error;
}

/** What to show at a field; null when it has no fault. Pure. */
export function faultAt(faults: readonly PlanError[], field: PlanError['field']): string | null {
  return (
    faults
      .filter((fault) => fault.field === field)
      .slice(0, 3)
      .map((fault) => fault.message)
      .join(' ') || null
  );
}
