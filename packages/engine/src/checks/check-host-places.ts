import type { CheckProgram, CompiledCheck } from '@picket/checks/check';
import type { LinkedStep } from '@picket/checks/workflow/link-workflow';
import type { CheckPayload, CheckTarget, CheckTools } from '../run/stages.ts';
import { runCheck } from './check-run.ts';
import type { CheckSession } from './check-session.ts';
import type { ContentLibrary } from './content-library.ts';
import { inParallel } from './in-parallel.ts';
import { PlaceProgress } from './place-progress.ts';
import { selectChecks, type ServiceChecks } from './select-checks.ts';
import { scanWorkflow, takeOver, workflowsFor } from './workflow/scan-workflows.ts';

/** The content that a scan runs; absent workflows are none, and without a digest the version stands for all of it. */
export type ScanContent = Pick<ContentLibrary, 'version' | 'checks'> &
  Partial<Pick<ContentLibrary, 'workflows' | 'digest'>>;

/** Checks that go together through a service or a name of the host, and how far the place is that they belong to. */
interface CheckGroup extends ServiceChecks {
  readonly progress: PlaceProgress;
}

/** What the steps of one host's checks share. */
interface HostRun {
  readonly library: ScanContent;
  /** Ids of `lateChecks`. */
  readonly late: ReadonlySet<string>;
  readonly session: CheckSession;
  readonly target: CheckTarget;
  readonly tools: CheckTools;
}

/**
 * Runs the checks of a host on its services and on itself, but for those that an earlier run ended. What ended is told now and then, its
 * findings before it. Workflows and checks of seen answers come after all others.
 */
export async function* checkHostPlaces(
  { library, late }: Pick<HostRun, 'library' | 'late'>,
  session: CheckSession,
  target: CheckTarget,
  tools: CheckTools,
): AsyncGenerator<CheckPayload> {
  const run = { library, late, session, target, tools };
  const groups = groupsOf(run);
  for (const round of rounds(library.checks, checksPerRound)) {
    // A program is compiled when it is asked for and forgotten when nobody holds it: held here, it serves all ports of the host.
    const held = new Map<string, CheckProgram>();
    for (const group of groups) yield* checkGroup(run, group, { round, held });
  }
  for (const group of groups) yield* checkWorkflows(run, group);
  for (const group of groups) yield* checkSeenAnswers(run, group);
  for (const progress of new Set(groups.map((group) => group.progress))) yield* progress.finish();
}

function groupsOf({ library, late, target, tools }: HostRun): CheckGroup[] {
  const same = [library.digest ?? '', String(tools.intrusive)];
  const selected = selectChecks(target, library.checks);
  const start = { contentVersion: library.version, earlier: target.earlier ?? [] };
  // The names of a host are one place: a check is told of once, whatever it said of each name.
  const ofHost = selected.filter(({ service }) => service === null);
  const host = new PlaceProgress({ address: target.address }, planOf(ofHost, { late, same }), start);
  return selected.map((group) => {
    if (group.service === null) return { ...group, progress: host };
    const { protocol, port } = group.service;
    const workflows = workflowsFor(group.service, library.workflows ?? []).map(({ check }) => check.id);
    const plan = planOf([group], { late, same }, workflows);
    return { ...group, progress: new PlaceProgress({ address: target.address, protocol, port }, plan, start) };
  });
}

function planOf(
  groups: readonly ServiceChecks[],
  { late, same }: { readonly late: ReadonlySet<string>; readonly same: readonly string[] },
  workflows: readonly string[] = [],
) {
  return {
    ids: [...groups.flatMap(({ checks }) => checks.map(({ id }) => id)), ...workflows],
    basis: [
      ...same,
      ...groups.map(({ endpoint }) =>
        JSON.stringify([endpoint.name, endpoint.port, endpoint.tls, endpoint.names ?? []]),
      ),
    ],
    late: (id: string) => late.has(id) || workflows.includes(id),
  };
}

/** Checks whose result may still change after they were run: parts of workflows, and those that look at the answers of others. */
export function lateChecks({ checks, workflows = [] }: ScanContent): ReadonlySet<string> {
  const late = new Set(checks.filter(({ global }) => global).map(({ id }) => id));
  const add = (steps: readonly LinkedStep[]): void => {
    for (const { parts, matchers, next } of steps) {
      for (const { id } of parts) late.add(id);
      for (const matcher of matchers) add(matcher.next);
      add(next);
    }
  };
  for (const { steps } of workflows) add(steps);
  return late;
}

async function* checkGroup(
  run: HostRun,
  group: CheckGroup,
  { round, held }: { readonly round: ReadonlySet<CompiledCheck>; readonly held: Map<string, CheckProgram> },
): AsyncGenerator<CheckPayload> {
  const { session, tools } = run;
  const { checks, progress } = group;
  const jobs = checks
    .filter((check) => round.has(check) && !check.global && !progress.endedBefore(check.id))
    .map((check) => async () => {
      hold(held, check);
      return { check, result: await runCheck(check, placeOf(run, group), session) };
    });
  for await (const { check, result } of inParallel(jobs, tools.parallel)) {
    const now = tools.clock.monotonic();
    progress.end(check.id, result, now);
    if (result.kind === 'found') yield* result.findings;
    if (progress.isDue(now, result.kind === 'found')) yield* tellProgress(run, group);
  }
}

/** What the answers so far show comes first: after an interruption they are not there any more. */
async function* tellProgress(run: HostRun, group: CheckGroup): AsyncGenerator<CheckPayload> {
  const ended = group.progress.take();
  yield* checkSeenAnswers(run, group);
  yield* group.progress.tell(ended);
}

function placeOf({ library, tools }: HostRun, { service, endpoint }: ServiceChecks) {
  return { service, endpoint, contentVersion: library.version, intrusive: tools.intrusive };
}

/** Workflows come after all checks, because most of what they lead to was then asked already. */
async function* checkWorkflows(run: HostRun, group: CheckGroup): AsyncGenerator<CheckPayload> {
  const { service, progress } = group;
  if (service === null) return;
  const { results } = progress;
  const jobs = workflowsFor(service, run.library.workflows ?? [])
    .filter(({ check }) => !progress.endedBefore(check.id))
    .map((workflow) => async () => {
      const place = placeOf(run, group);
      return { id: workflow.check.id, ended: await scanWorkflow(workflow, { place, service, results }, run.session) };
    });
  for await (const { id, ended } of inParallel(jobs, run.tools.parallel)) yield* takeOver(id, ended, results);
}

/** Checks that look at the answers of all others run one after the other: they send nothing. */
async function* checkSeenAnswers(run: HostRun, group: CheckGroup): AsyncGenerator<CheckPayload> {
  for (const check of group.checks.filter(({ global }) => global)) {
    const result = await runCheck(check, placeOf(run, group), run.session);
    group.progress.end(check.id, result, run.tools.clock.monotonic());
    if (result.kind === 'found') yield* result.findings;
  }
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
