import type { ScanRequest } from '@picket/contracts/api/scan';
import { buildPlan, type Estimate, namesToResolve, type PlanError } from '@picket/plan/plan';
import { profiles, withRate } from '@picket/plan/profile';
import { err, ok, type Result } from '@picket/base/result';

/** The plan as far as the browser can tell: names count as one address each. */
export interface LocalPlan {
  readonly estimate: Estimate;
  readonly names: readonly string[];
}

/** Runs the planner in the browser (each name stands for one address of TEST-NET-1, RFC 5737), for figures while typing. The platform's plan has the last word. */
export function localPlan(request: ScanRequest): Result<LocalPlan, readonly PlanError[]> {
  const names = namesToResolve(request);
  const profile = profiles[request.profile];
  const plan = buildPlan({
    ...request,
    profile: request.rate === undefined ? profile : withRate(profile, Math.min(request.rate, profile.packetsPerSecond)),
    resolved: new Map(names.map((name, index) => [name, [`192.0.2.${(index % 254) + 1}`]])),
  });
  return plan.ok ? ok({ estimate: plan.value.estimate, names }) : err(plan.error);
}
