import type { CompiledCheck } from '@picket/checks/check';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { describeError } from '@picket/base/error';
import type { CheckPayload, ServiceEvent } from '../run/stages.ts';
import type { CheckFailure } from './check-failure.ts';
import type { CheckSession } from './check-session.ts';
import { evidenceText } from './evidence.ts';
import type { CheckMatch, JudgedAnswer } from './program/program-run.ts';
import { type HandedOn, runProgram } from './program/run-program.ts';

export type FindingPayload = Extract<CheckPayload, { type: 'finding' }>;

/** How one check ended on one service. */
export type CheckResult =
  | { readonly kind: 'found'; readonly findings: readonly FindingPayload[] }
  | { readonly kind: 'passed' }
  | { readonly kind: 'not-evaluable'; readonly failure: CheckFailure };

/** Most findings of one check on one port: more is a target that answers everything. */
export const mostFindings = 20;

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
  return (await runPart(check, place, session)).result;
}

/** How a part of a workflow ended, and what it was judged on. */
export interface PartResult {
  readonly result: CheckResult;
  readonly judged: readonly JudgedAnswer[];
}

/** Runs one check with what other parts of a workflow hand on to it. */
export async function runPart(
  check: CompiledCheck,
  place: CheckPlace,
  session: CheckSession,
  handed?: HandedOn,
): Promise<PartResult> {
  const ended = (failure: CheckFailure): PartResult => ({ result: { kind: 'not-evaluable', failure }, judged: [] });
  if (check.intrusive.length > 0 && !place.intrusive)
    return ended({ reason: 'check-not-allowed', detail: check.intrusive.join(', ') });
  if (check.workflow !== null)
    return ended({ reason: 'internal-error', detail: 'a workflow has no requests; its parts are run' });
  try {
    const { matches, failure, judged } = await runProgram(check.program(), place.endpoint, session, handed);
    place.observe?.(matches);
    if (matches.length > 0) return { result: { kind: 'found', findings: findings(check, place, matches) }, judged };
    return failure === null ? { result: { kind: 'passed' }, judged } : { ...ended(failure), judged };
  } catch (error) {
    return ended({ reason: 'internal-error', detail: describeError(error).slice(0, 200) });
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
