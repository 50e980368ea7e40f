import type { CompiledCheck } from '@picket/checks/check';
import type { LinkedMatcher, LinkedStep, Workflow } from '@picket/checks/workflow/link-workflow';
import type { CheckFailure } from '../check-failure.ts';
import { type CheckPlace, type CheckResult, type FindingPayload, mostFindings, runPart } from '../check-run.ts';
import type { CheckSession } from '../check-session.ts';
import type { JudgedAnswer } from '../program/program-run.ts';
import { type HandedValues, valuesOf, valuesOfAnswer } from './handed-values.ts';

/** Where a workflow runs, and what a scan knows of its parts there. */
export interface WorkflowPlace extends CheckPlace {
  /** False: the part says nothing about this place, so it and what follows it are passed over. Default: all say something. */
  readonly applies?: (part: CompiledCheck) => boolean;
  /** How a last part ended when it was run just so already, which is then not repeated; null: it was not. */
  readonly already?: (part: CompiledCheck, handed: HandedValues) => CheckResult | null;
}

/** How a workflow ended. */
export interface WorkflowResult {
  readonly result: CheckResult;
  /** The last parts that were run, by id; findings carry the id of the part that found something. */
  readonly parts: ReadonlyMap<string, CheckResult>;
}

/** Runs of parts that one workflow may make on one place: a part that matches often leads on as often. */
const mostRuns = 20_000;

/**
 * Runs a workflow on one place. A part with steps after it only decides whether they run, and hands on what its extractors show; the
 * last ones are what is found. Cookies are shared by all parts. Every part keeps its own safety verdict, and all share the session.
 */
export async function runWorkflow(
  workflow: Workflow,
  place: WorkflowPlace,
  session: CheckSession,
): Promise<WorkflowResult> {
  const { intrusive } = workflow.check;
  if (intrusive.length > 0 && !place.intrusive)
    return { result: notEvaluable({ reason: 'check-not-allowed', detail: intrusive.join(', ') }), parts: new Map() };
  const run = new WorkflowRun(place, session);
  for (const step of workflow.steps) await run.step(step, new Map());
  return { result: run.result(), parts: run.parts };
}

const notEvaluable = (failure: CheckFailure): CheckResult => ({ kind: 'not-evaluable', failure });

class WorkflowRun {
  readonly parts = new Map<string, CheckResult>();
  readonly #place: WorkflowPlace;
  readonly #session: CheckSession;
  readonly #cookies = new Map<string, string>();
  #failure: CheckFailure | null = null;
  #found = false;
  #runs = 0;

  constructor(place: WorkflowPlace, session: CheckSession) {
    this.#place = place;
    this.#session = session;
  }

  result(): CheckResult {
    const findings = [...this.parts.values()].flatMap((result): readonly FindingPayload[] =>
      result.kind === 'found' ? result.findings : [],
    );
    if (this.#found) return { kind: 'found', findings };
    return this.#failure === null ? { kind: 'passed' } : notEvaluable(this.#failure);
  }

  async step(step: LinkedStep, handed: HandedValues): Promise<void> {
    const { lacking, matchers, next } = step;
    if (lacking.length > 0)
      this.#failure ??= {
        reason: 'check-unsupported',
        detail: `these parts can't be run: ${lacking.join(', ')}`.slice(0, 200),
      };
    const last = matchers.length === 0 && next.length === 0;
    const judged: JudgedAnswer[] = [];
    let found = false;
    for (const part of step.parts) {
      const ran = await this.#run(part, handed, last);
      judged.push(...(ran?.judged ?? []));
      found ||= ran?.found ?? false;
    }
    for (const matcher of matchers) await this.#leadOn(matcher, judged, handed);
    if (!found) return;
    const more = new Map([...handed, ...valuesOf(judged)]);
    for (const each of next) await this.step(each, more);
  }

  /** Runs what follows a matcher, once for each answer that it holds for, with the values of that answer. */
  async #leadOn(matcher: LinkedMatcher, judged: readonly JudgedAnswer[], handed: HandedValues): Promise<void> {
    for (const answer of judged) {
      const has = (name: string) => answer.names.includes(name) || answer.shown.has(name);
      if (!(matcher.all ? matcher.names.every(has) : matcher.names.some(has))) continue;
      const more = new Map([...handed, ...valuesOfAnswer(answer)]);
      for (const each of matcher.next) await this.step(each, more);
    }
  }

  async #run(
    part: CompiledCheck,
    values: HandedValues,
    last: boolean,
  ): Promise<{ judged: readonly JudgedAnswer[]; found: boolean } | null> {
    const already = last ? (this.#place.already?.(part, values) ?? null) : null;
    if (already !== null) this.#note(part, already);
    if (already !== null || this.#place.applies?.(part) === false || this.#over()) return null;
    this.#runs += 1;
    const { observe, ...inner } = this.#place;
    const place = last && observe !== undefined ? { ...inner, observe } : inner;
    const { result, judged } = await runPart(part, place, this.#session, { values, cookies: this.#cookies });
    if (last) this.parts.set(part.id, both(this.parts.get(part.id), result));
    if (last || result.kind === 'not-evaluable') this.#note(part, result);
    return { judged, found: result.kind === 'found' };
  }

  #note(part: CompiledCheck, result: CheckResult): void {
    if (result.kind === 'found') this.#found = true;
    if (result.kind === 'not-evaluable')
      this.#failure ??= { ...result.failure, detail: `${part.id}: ${result.failure.detail}`.slice(0, 200) };
  }

  /** Whether nothing more is run, which is noted. */
  #over(): boolean {
    const cancelled = this.#session.signal.aborted;
    if (cancelled) this.#failure ??= { reason: 'cancelled', detail: '' };
    else if (this.#runs >= mostRuns)
      this.#failure ??= { reason: 'budget-exhausted', detail: `the workflow ran its parts ${mostRuns} times` };
    return cancelled || this.#runs >= mostRuns;
  }
}

/** What two runs of the same part came to: all that was found, else what could not be judged. */
function both(before: CheckResult | undefined, now: CheckResult): CheckResult {
  if (before === undefined || before.kind === 'passed') return now;
  if (now.kind !== 'found') return before;
  if (before.kind !== 'found') return now;
  const distinct = new Map([...before.findings, ...now.findings].map((finding) => [finding.instance, finding]));
  return { kind: 'found', findings: [...distinct.values()].slice(0, mostFindings) };
}
