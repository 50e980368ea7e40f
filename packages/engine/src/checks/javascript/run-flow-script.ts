import type { RequestBlock } from '@picket/checks/check';
import { blockCalls, chosenBlocks } from '../program/flow-blocks.ts';
import type { ProgramRun } from '../program/program-run.ts';
import { runInFlow } from '../program/run-in-flow.ts';
import type { HostAnswer, ScriptOutcome, ScriptValue } from './sandbox/script-messages.ts';
import { dslValue, knownToScripts } from './script-values.ts';

/**
 * Runs a `flow:` that is a script. `http(1)` and its like run blocks and say whether one matched; `template` holds what
 * extractors found, as a text or a list; `set` gives a variable to later blocks.
 */
export async function runFlowScript(source: string, blocks: readonly RequestBlock[], run: ProgramRun): Promise<void> {
  const call = async (name: string, args: readonly ScriptValue[]): Promise<HostAnswer> => {
    if (name === 'set') return { ok: true, value: setVariable(args, run) };
    if (name === 'template') return { ok: true, value: knownToScripts(run) };
    if (!blockCalls.includes(name)) return { ok: false, message: `a flow cannot call ${name.slice(0, 40)}` };
    return { ok: true, value: await runChosen(chosenBlocks(name, idsOf(args), blocks), run) };
  };
  const calls = [...blockCalls, 'set', 'template'];
  const job = { kind: 'flow', source: `${liveTemplate}\n${source}`, variables: {}, calls } as const;
  noteEnd(await run.session.scripts.run(job, call, run.session.signal), run);
}

/** `template.emails` asks for what is known when it is read, in one line so that lines of errors stay those of the flow. */
const liveTemplate =
  '(() => { const ask = template; globalThis.template = new Proxy({}, { get: (_own, name) => ask()[name], has: (_own, name) => name in ask() }); })();';

/** Numbers and names of blocks. */
function idsOf(args: readonly ScriptValue[]): (number | string)[] {
  return args.flatMap((id) => (typeof id === 'number' || typeof id === 'string' ? [id] : []));
}

async function runChosen(chosen: readonly RequestBlock[], run: ProgramRun): Promise<boolean> {
  let matched = false;
  for (const block of chosen) {
    if (run.overdue()) return matched;
    matched = (await runInFlow(block, run)) || matched;
  }
  return matched;
}

function setVariable([name, value]: readonly ScriptValue[], run: ProgramRun): null {
  if (typeof name === 'string') {
    run.scope.set(name, dslValue(value ?? null));
    run.lists.delete(name);
  }
  return null;
}

/** A flow that did not come to its end has not asked everything. */
function noteEnd(outcome: ScriptOutcome, run: ProgramRun): void {
  if (outcome.kind === 'threw')
    run.fail({ reason: 'check-unsupported', detail: `the flow failed: ${outcome.message}`.slice(0, 200) });
  if (outcome.kind === 'stopped')
    run.fail({ reason: outcome.limit === 'cancelled' ? 'cancelled' : 'local-limit', detail: outcome.detail });
}
