import { writeFile } from 'node:fs/promises';
import type { Clock } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { EngineEvent } from '@picket/contracts/event';
import { addToMap, emptyMap, finishMap } from '@picket/contracts/map/fold-map';
import { nameQuestions } from '@picket/engine/names/questions';
import { dryRun } from '@picket/engine/run/dry-run';
import { jobFromPlan } from '@picket/engine/run/job';
import { PauseGate } from '@picket/engine/gate/pause-gate';
import { type EngineDeps, type JobOutcome, runJob } from '@picket/engine/run/run-job';
import { buildPlan, namesToResolve, type Plan } from '@picket/plan/plan';
import { profiles, withRate } from '@picket/plan/profile';
import { formatRange } from '@picket/base/ip';
import { exitCode } from '../exit-code.ts';
import { type Output, printable } from '../terminal/output.ts';
import { grepable } from './formats/grepable.ts';
import { jsonDocument, planJson } from './formats/json.ts';
import { nmapXml } from './formats/nmap-xml.ts';
import { planText } from './plan-text.ts';
import { ProgressLine } from './progress-line.ts';
import { resolveNames } from './resolve-names.ts';
import type { OutputRequest, ScanOptions } from './scan-options.ts';
import { addEvent, emptyResult, hasFindings, type ScanResult, withoutPlace } from './scan-result.ts';
import { summary } from './summary.ts';

/** What a scan on the command line needs from outside. */
export interface ScanContext {
  readonly output: Output;
  readonly clock: Clock;
  readonly version: string;
  /** The command line, as typed. */
  readonly args: string;
  /** Opens the engine's world (sockets, content). Called only when something is to be sent. */
  readonly engine: (options: ScanOptions, tell: (line: string) => void) => Promise<EngineDeps>;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs `picket scan` or `picket map` to its exit code. */
export async function runScan(options: ScanOptions, context: ScanContext): Promise<number> {
  const plan = await planScan(options, context.output);
  if (plan === null) return exitCode.usage;
  if (options.dryRun) return printDryRun(plan, options, context.output);
  if (plan.publicRanges.length > 0 && !options.authorized) {
    context.output.err(
      `picket: ${plan.publicRanges.slice(0, 3).map(formatRange).join(', ')} ${plan.publicRanges.length > 3 ? 'and others are' : 'is'} on the public Internet. Nothing was sent. Scan it only with its owner's permission, and say so with --authorized.\n`,
    );
    return exitCode.usage;
  }
  const deps = await context.engine(options, (line) => context.output.err(`picket: ${line}\n`));
  return execute(plan, options, deps, context);
}

async function planScan(options: ScanOptions, output: Output): Promise<Plan | null> {
  const base = profiles[options.profile];
  const request = {
    ...options,
    profile: options.rate === null ? base : withRate(base, options.rate),
    resolved: await resolveNames(namesToResolve(options)),
  };
  const plan = buildPlan(request);
  if (plan.ok) return plan.value;
  for (const fault of plan.error) output.err(`picket: ${fault.field}: ${fault.message}\n`);
  output.err('Nothing was sent. "picket scan --help" shows what can be written.\n');
  return null;
}

function printDryRun(plan: Plan, options: ScanOptions, output: Output): number {
  if (!options.json) {
    output.out(`${planText(plan)}Dry run: nothing was sent. With --json each probe is listed.\n`);
    return exitCode.clean;
  }
  output.out(`${JSON.stringify({ type: 'plan', ...planJson(plan) })}\n`);
  const asked = { raw: options.mode !== 'connect', nameQuestions: options.names ? nameQuestions : [] };
  for (const probe of dryRun(jobFromPlan(plan), { localAllowList: null, seed: 0, ...asked }))
    output.out(`${JSON.stringify({ type: 'probe', ...probe })}\n`);
  return exitCode.clean;
}

async function execute(plan: Plan, options: ScanOptions, deps: EngineDeps, context: ScanContext): Promise<number> {
  const { output, clock } = context;
  const result = emptyResult();
  const draft = plan.kind === 'map' ? emptyMap() : null;
  const startedAt = clock.now();
  const started = clock.monotonic();
  if (!options.json) output.err(planText(plan));
  const progress = new ProgressLine(output, clock);
  // Events go straight through otherwise: a large network costs no memory.
  const told = !options.json || options.outputs.length > 0;
  const installedChecks = deps.installedChecks ?? 0;
  const job = {
    ...jobFromPlan(plan),
    checks: { intrusive: options.intrusive },
    askFragile: options.askFragile,
  };
  const events = runJob(job, deps, { signal: context.signal, pause: new PauseGate() });
  const outcome = await follow(events, (event) => {
    if (told || isCounted(event)) addEvent(result, event);
    if (draft) addToMap(draft, event);
    if (options.json) output.out(`${JSON.stringify(event)}\n`);
    else announce(event, result, progress);
    return output.drained?.();
  });
  progress.clear();
  const times = { startedAt, endedAt: clock.now() };
  const map = draft ? finishMap(draft) : null;
  if (options.json) {
    if (map) output.out(`${JSON.stringify({ type: 'map', ...map.skeleton, hosts: map.hosts })}\n`);
    output.out(
      `${JSON.stringify({ type: 'end', ...outcome, ...checksOf(result, installedChecks), time: new Date(times.endedAt).toISOString() })}\n`,
    );
  } else output.out(summary(result, outcome, clock.monotonic() - started, { map, installedChecks }));
  const written = await writeOutputs(options.outputs, { result, plan, outcome, times }, context);
  if (!written) return exitCode.failure;
  return codeOf(result, outcome);
}

/** Events that are counted whatever is shown; what is kept of them is bounded by the checks. */
function isCounted(event: EngineEvent): boolean {
  if (event.type === 'unit') return event.unit.phase === 'checks' && event.state === 'done';
  return event.type === 'finding' || event.type === 'checked';
}

/** For the last line of `--json`: how many checks there are, and how many of them had nothing to run on. */
function checksOf(result: ScanResult, installed: number): { checks?: { installed: number; withoutPlace: number } } {
  const without = withoutPlace(result, installed);
  return without === null ? {} : { checks: { installed, withoutPlace: without } };
}

/** Reads a generator of events to its end and gives its return value. A slow reader of our output slows the scan down. */
async function follow(
  events: AsyncGenerator<EngineEvent, JobOutcome>,
  take: (event: EngineEvent) => Promise<void> | undefined,
): Promise<JobOutcome> {
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    const slow = take(next.value);
    if (slow) await slow;
  }
}

function announce(event: EngineEvent, result: ScanResult, progress: ProgressLine): void {
  if (event.type === 'finding' && event.severity !== 'info') {
    progress.print(
      `${event.severity}: ${event.address}${event.port ? `:${event.port}` : ''} ${printable(event.name)} [${event.check}]`,
    );
  }
  progress.update(result);
}

function codeOf(result: ScanResult, outcome: JobOutcome): number {
  if (outcome.outcome !== 'complete') return exitCode.incomplete;
  return hasFindings(result) ? exitCode.findings : exitCode.clean;
}

interface Finished {
  readonly result: ScanResult;
  readonly plan: Plan;
  readonly outcome: JobOutcome;
  readonly times: { readonly startedAt: number; readonly endedAt: number };
}

async function writeOutputs(
  requests: readonly OutputRequest[],
  finished: Finished,
  context: ScanContext,
): Promise<boolean> {
  let good = true;
  for (const request of requests) {
    const text = render(request, finished, context);
    if (request.path === '-') context.output.out(text);
    else {
      await writeFile(request.path, text).catch((error: unknown) => {
        good = false;
        context.output.err(`picket: ${request.path} could not be written: ${describeError(error)}\n`);
      });
    }
  }
  return good;
}

function render(request: OutputRequest, finished: Finished, context: ScanContext): string {
  const { result, plan, outcome, times } = finished;
  const { args, version } = context;
  const facts = { ...times, plan, args, version, complete: outcome.outcome === 'complete' };
  switch (request.format) {
    case 'json':
      return jsonDocument(result, plan, outcome, times);
    case 'grepable':
      return grepable(result, facts);
    case 'nmap-xml':
      return nmapXml(result, facts);
  }
}
