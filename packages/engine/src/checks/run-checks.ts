import type { CheckProgram, CompiledCheck } from '@picket/checks/check';
import type { CheckPayload, CheckTarget, CheckTools, RunChecks } from '../run/stages.ts';
import { type CheckResult, runCheck } from './check-run.ts';
import { checkedEvents } from './checked-events.ts';
import {
  type CheckLimits,
  type CheckSession,
  type CheckSurroundings,
  checkSession,
  defaultCheckLimits,
} from './check-session.ts';
import { noSettings } from './check-settings.ts';
import type { ContentLibrary } from './content-library.ts';
import { ScriptInits } from './javascript/init/script-inits.ts';
import { loginTriesOf, type LoginTryStore, memoryLoginTries } from './login-tries.ts';
import { knownTlsOf } from './tls/known-tls.ts';
import { selectChecks, selfContained, type ServiceChecks } from './select-checks.ts';
import { scanWorkflow, takeOver, workflowsFor } from './workflow/scan-workflows.ts';

/**
 * The checks stage: runs what can apply to the services of a host, `parallel` checks at once, and tells for every one
 * whether it found something, passed, or could not be evaluated. Findings come before the `checked` events.
 */
export function createRunChecks(
  library: ScanContent,
  limits: CheckLimits = defaultCheckLimits,
  around: CheckServices = {},
): RunChecks {
  const store = around.loginTries ?? memoryLoginTries();
  const inits = new ScriptInits();
  const open = (target: CheckTarget, tools: CheckTools) => {
    const logins = loginTriesOf(store, target.address, () => tools.clock.now());
    return checkSession(tools, limits, knownTlsOf(target.services), noSettings, { logins, inits, ...around });
  };
  let told = false;
  return async function* (target, tools) {
    const note = told ? null : noteOnOwnPlaces(library.checks);
    told = true;
    if (note !== null) yield note;
    yield* run(library, open(target, tools), target, tools);
  };
}

/** Ids that the note names. */
const mostNamed = 5;

/** Says once what becomes of checks that name servers of their own; null when there are none. */
function noteOnOwnPlaces(checks: readonly CompiledCheck[]): CheckPayload | null {
  const ids = selfContained(checks).map(({ id }) => id);
  if (ids.length === 0) return null;
  const some = ids.slice(0, mostNamed).join(', ') + (ids.length > mostNamed ? ' and others' : '');
  const message = `${ids.length} self-contained checks (${some}) name servers of their own. Each runs where its server is a target of this scan and known by that name or address; all other servers are outside the scope, and it does not run on them.`;
  return { type: 'note', level: 'info', code: 'engine.checks-own-place', message };
}

/** The content that a scan runs; absent workflows are none. */
type ScanContent = Pick<ContentLibrary, 'version' | 'checks'> & Partial<Pick<ContentLibrary, 'workflows'>>;

/** What checks may use beyond the host's tools. */
export interface CheckServices extends Partial<CheckSurroundings> {
  /** Keeps how often accounts were tried. Default: for this process only. */
  readonly loginTries?: LoginTryStore;
}

async function* run(
  library: ScanContent,
  session: CheckSession,
  target: CheckTarget,
  tools: CheckTools,
): AsyncGenerator<CheckPayload> {
  try {
    yield* checkServices(library, session, target, tools);
  } finally {
    session.pool.close();
  }
}

async function* checkServices(
  library: ScanContent,
  session: CheckSession,
  target: CheckTarget,
  tools: CheckTools,
): AsyncGenerator<CheckPayload> {
  // The names of a host are one place: a check is told of once, whatever it said of each name.
  const ofHost = new Map<string, CheckResult>();
  const groups = selectChecks(target, library.checks).map((group) => ({
    ...group,
    results: group.service === null ? ofHost : new Map<string, CheckResult>(),
  }));
  for (const round of rounds(library.checks, checksPerRound)) {
    // A program is compiled when it is asked for and forgotten when nobody holds it: held here, it serves all ports of the host.
    const held = new Map<string, CheckProgram>();
    for (const { service, endpoint, checks, results } of groups) {
      const place = { service, endpoint, contentVersion: library.version, intrusive: tools.intrusive };
      const jobs = checks
        .filter((check) => round.has(check) && !check.global)
        .map((check) => async () => {
          hold(held, check);
          return { check, result: await runCheck(check, place, session) };
        });
      for await (const { check, result } of inParallel(jobs, tools.parallel)) {
        keepWorst(results, check.id, result);
        if (result.kind === 'found') yield* result.findings;
      }
    }
  }
  yield* checkWorkflows(library, session, groups, tools);
  yield* checkSeenAnswers(library, session, groups, tools);
  const { address } = target;
  const told = { type: 'checked', address, contentVersion: library.version } as const;
  for (const { service, results } of groups) {
    if (service !== null) yield* checkedEvents({ ...told, protocol: service.protocol, port: service.port }, results);
  }
  if (ofHost.size > 0) yield* checkedEvents(told, ofHost);
}

/** Workflows come after all checks, because most of what they lead to was then asked already. */
async function* checkWorkflows(
  library: ScanContent,
  session: CheckSession,
  groups: readonly (ServiceChecks & { readonly results: Map<string, CheckResult> })[],
  tools: CheckTools,
): AsyncGenerator<CheckPayload> {
  for (const { service, endpoint, results } of groups) {
    if (service === null) continue;
    const place = { service, endpoint, contentVersion: library.version, intrusive: tools.intrusive };
    const jobs = workflowsFor(service, library.workflows ?? []).map((workflow) => async () => {
      return { id: workflow.check.id, ended: await scanWorkflow(workflow, { place, service, results }, session) };
    });
    for await (const { id, ended } of inParallel(jobs, tools.parallel)) yield* takeOver(id, ended, results);
  }
}

/** Checks that look at the answers of all others come last, one after the other: they send nothing. */
async function* checkSeenAnswers(
  library: ScanContent,
  session: CheckSession,
  groups: readonly (ServiceChecks & { readonly results: Map<string, CheckResult> })[],
  tools: CheckTools,
): AsyncGenerator<CheckPayload> {
  for (const { service, endpoint, checks, results } of groups) {
    const place = { service, endpoint, contentVersion: library.version, intrusive: tools.intrusive };
    for (const check of checks.filter(({ global }) => global)) {
      const result = await runCheck(check, place, session);
      keepWorst(results, check.id, result);
      if (result.kind === 'found') yield* result.findings;
    }
  }
}

const weight: Readonly<Record<CheckResult['kind'], number>> = { passed: 0, 'not-evaluable': 1, found: 2 };

function keepWorst(results: Map<string, CheckResult>, id: string, result: CheckResult): void {
  const known = results.get(id);
  if (known === undefined || weight[result.kind] > weight[known.kind]) results.set(id, result);
}

/** Keeps a check's program alive. One that can't be made is told of by whoever runs the check. */
function hold(held: Map<string, CheckProgram>, check: CompiledCheck): void {
  if (held.has(check.id)) return;
  try {
    held.set(check.id, check.program());
  } catch {
    // `runCheck` meets the same fault and gives it as the check's result.
  }
}

/** Checks that are taken through all services of a host together: what is held of them is bounded by this. */
const checksPerRound = 500;

function* rounds(checks: readonly CompiledCheck[], size: number): Generator<ReadonlySet<CompiledCheck>> {
  for (let at = 0; at < checks.length; at += size) yield new Set(checks.slice(at, at + size));
}

/** Runs jobs, at most `limit` at once, and yields their results as they come. */
async function* inParallel<T>(jobs: readonly (() => Promise<T>)[], limit: number): AsyncGenerator<T> {
  const running = new Set<Promise<T>>();
  const done: T[] = [];
  let next = 0;
  while (next < jobs.length || running.size > 0) {
    while (next < jobs.length && running.size < Math.max(1, limit)) {
      const job = jobs[next];
      next += 1;
      if (!job) break;
      const started: Promise<T> = job().then((value) => {
        running.delete(started);
        done.push(value);
        return value;
      });
      running.add(started);
    }
    if (running.size > 0) await Promise.race(running);
    yield* done.splice(0);
  }
}
