import type { CompiledCheck } from '@picket/checks/check';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { describeError } from '@picket/base/error';
import type { CheckPayload, ServiceEvent } from '../run/stages.ts';
import type { CheckFailure } from './check-failure.ts';
import type { CheckSession } from './check-session.ts';
import { evidenceText } from './evidence.ts';
import type { CheckMatch } from './program/program-run.ts';
import { runProgram } from './program/run-program.ts';

export type FindingPayload = Extract<CheckPayload, { type: 'finding' }>;

/** How one check ended on one service. */
export type CheckResult =
  | { readonly kind: 'found'; readonly findings: readonly FindingPayload[] }
  | { readonly kind: 'passed' }
  | { readonly kind: 'not-evaluable'; readonly failure: CheckFailure };

/** Most findings of one check on one port: more is a target that answers everything. */
const mostFindings = 20;

/** Where and with which content a check runs. */
export interface CheckPlace {
  /** Null: the host itself. */
  readonly service: ServiceEvent | null;
  readonly endpoint: Endpoint;
  readonly contentVersion: string;
  readonly intrusive: boolean;
  /** Told every match before equal ones become one finding and secrets are masked; for tests of the runtime. */
  readonly observe?: (matches: readonly CheckMatch[]) => void;
}

/** Runs one check on one service. A fault of ours is a result too: one bad check never ends a scan. */
export async function runCheck(check: CompiledCheck, place: CheckPlace, session: CheckSession): Promise<CheckResult> {
  if (check.intrusive.length > 0 && !place.intrusive) {
    return { kind: 'not-evaluable', failure: { reason: 'check-not-allowed', detail: check.intrusive.join(', ') } };
  }
  try {
    const outcome = await runProgram(check.program(), place.endpoint, session);
    place.observe?.(outcome.matches);
    if (outcome.matches.length > 0) return { kind: 'found', findings: findings(check, place, outcome.matches) };
    return outcome.failure === null ? { kind: 'passed' } : { kind: 'not-evaluable', failure: outcome.failure };
  } catch (error) {
    return { kind: 'not-evaluable', failure: { reason: 'internal-error', detail: describeError(error).slice(0, 200) } };
  }
}

function findings(check: CompiledCheck, place: CheckPlace, matches: readonly CheckMatch[]): FindingPayload[] {
  const distinct = new Map(matches.map((match) => [match.instance, match]));
  return [...distinct.values()].slice(0, mostFindings).map((match) => finding(check, place, match));
}

function finding(check: CompiledCheck, place: CheckPlace, match: CheckMatch): FindingPayload {
  const extracted = match.extracted.slice(0, 16).map((value) => evidenceText(value, 'extracted'));
  return {
    type: 'finding',
    address: place.endpoint.address,
    ...(place.service === null ? {} : { protocol: place.service.protocol, port: place.endpoint.port }),
    check: check.id,
    contentVersion: place.contentVersion,
    name: check.name,
    severity: check.severity,
    proof: check.proof,
    instance: evidenceText(match.instance, 'extracted'),
    evidence: {
      ...(match.request === '' ? {} : { request: evidenceText(match.request, 'request') }),
      ...(match.response === '' ? {} : { response: evidenceText(match.response, 'response') }),
      ...(match.matchers.length === 0 ? {} : { matcher: match.matchers.join(', ').slice(0, 256) }),
      ...(extracted.length === 0 ? {} : { extracted }),
    },
  };
}
