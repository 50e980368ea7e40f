import { fromText, toText } from '@picket/checks/byte-string';
import type { DslScope, DslValue } from '@picket/checks/dsl/value';
import type { JavascriptBlock } from '@picket/checks/protocols/javascript/javascript-block';
import { payloadSets } from '@picket/checks/run/payload-sets';
import { renderText } from '@picket/checks/template/text';
import { judgeWithCalls } from '../program/judge-with-calls.ts';
import type { ProgramRun } from '../program/program-run.ts';
import { initOf } from './init/init-of.ts';
import type { ScriptOutcome, ScriptValue } from './sandbox/script-messages.ts';
import { scriptFunctions } from './script-functions.ts';
import { ScriptHost } from './script-host.ts';
import { dslValue, knownToScripts } from './script-values.ts';

/**
 * Runs a `javascript` block with every set of payloads. True when something matched. A pre-condition that does not hold means that the
 * weakness cannot be there, unless it does not hold because a question was not answered.
 */
export async function runJavascriptBlock(block: JavascriptBlock, run: ProgramRun): Promise<boolean> {
  let matched = false;
  let first = true;
  const given = await inputsOf(block, run);
  if (given === null) return matched;
  for (const values of payloadSets(given.payloads, run.scope, run.ambient)) {
    if (run.overdue()) return matched;
    const scope = new Map([...run.scope, ...given.values, ...values]);
    const variables = variablesOf(block, { scope, fixed: given.variables }, run);
    if (variables === null) return matched;
    if (first && block.preCondition !== null && !(await holds(block.preCondition, variables, run))) return matched;
    first = false;
    const ended = await execute(block.code, variables, run);
    const known = new Map([...scope, ...resultScope(ended.outcome)]);
    const result = await judgeWithCalls(block.operators, known, run);
    if (!result.matched) {
      noteUndecided(ended, run);
      continue;
    }
    matched = true;
    run.report(block.operators, result, {
      place: [...values.values()].join(' '),
      request: '',
      response: responseText(ended.outcome),
    });
    if (block.stopAtFirstMatch) return true;
  }
  return matched;
}

interface Ended {
  readonly outcome: ScriptOutcome;
  readonly host: ScriptHost;
}

async function execute(source: string, variables: Record<string, ScriptValue>, run: ProgramRun): Promise<Ended> {
  const { session, endpoint } = run;
  const host = new ScriptHost(session, endpoint, scriptFunctions);
  try {
    const job = { kind: 'block', source, variables, calls: [] } as const;
    const outcome = await session.scripts.run(job, (name, args) => host.call(name, args), session.signal);
    return { outcome, host };
  } finally {
    host.close();
  }
}

async function holds(source: string, variables: Record<string, ScriptValue>, run: ProgramRun): Promise<boolean> {
  const ended = await execute(source, variables, run);
  if (ended.outcome.kind === 'done' && ended.outcome.success) return true;
  noteUndecided(ended, run);
  return false;
}

/** The arguments with their values; null after noting that one has none. */
function variablesOf(
  block: JavascriptBlock,
  { scope, fixed }: { readonly scope: DslScope; readonly fixed: ReadonlyMap<string, ScriptValue> },
  run: ProgramRun,
): Record<string, ScriptValue> | null {
  const variables: Record<string, ScriptValue> = { template: knownToScripts(run) };
  for (const [name, text] of block.args) {
    if (fixed.has(name)) continue;
    const value = renderText(text, scope, run.ambient);
    if (!('text' in value)) {
      run.fail({ reason: 'check-unsupported', detail: `${value.missing} has no value` });
      return null;
    }
    variables[name] = name === 'Port' ? String(run.endpoint.port) : toText(value.text);
  }
  return { ...variables, ...Object.fromEntries(fixed) };
}

/** The payloads and variables of a block with what its `init` makes of them. */
interface BlockInputs {
  readonly payloads: JavascriptBlock['payloads'];
  /** For the script: they take the place of arguments. */
  readonly variables: ReadonlyMap<string, ScriptValue>;
  /** The same for arguments and matchers, where the check has no value of that name. */
  readonly values: ReadonlyMap<string, DslValue>;
}

/** Null after noting why `init` gave nothing. */
async function inputsOf(block: JavascriptBlock, run: ProgramRun): Promise<BlockInputs | null> {
  if (block.init === null) return { payloads: block.payloads, variables: new Map(), values: new Map() };
  const ended = await initOf(block, block.init, run);
  if (!ended.ok) {
    run.fail(ended.error);
    return null;
  }
  const { payloads, variables } = ended.value;
  const open = [...variables].filter(([name]) => !run.scope.has(name));
  return { payloads, variables, values: new Map(open.map(([name, value]) => [name, dslValue(value)])) };
}

/** A script that found nothing has decided only if its questions were answered and it came to its end. */
function noteUndecided({ outcome, host }: Ended, run: ProgramRun): void {
  if (host.failure !== null) return run.fail(host.failure);
  if (outcome.kind === 'stopped') {
    const reason = outcome.limit === 'cancelled' ? 'cancelled' : 'local-limit';
    return run.fail({ reason, detail: outcome.detail === '' ? '' : `the script was stopped: ${outcome.detail}` });
  }
  if (outcome.kind === 'threw' && !host.lastRefused)
    run.fail({ reason: 'check-unsupported', detail: `the script failed: ${outcome.message}`.slice(0, 200) });
}

/** The variables that matchers see: `response`, `success`, `error`, and what the script named. */
export function resultScope(outcome: ScriptOutcome): Map<string, DslValue> {
  if (outcome.kind !== 'done') {
    const error = outcome.kind === 'threw' ? outcome.message : outcome.kind === 'stopped' ? outcome.detail : '';
    return new Map<string, DslValue>([
      ['success', false],
      ['error', fromText(error)],
    ]);
  }
  const named = Object.entries(outcome.named).map(([name, value]) => [name, fromText(value)] as const);
  return new Map<string, DslValue>([...named, ['response', dslValue(outcome.response)], ['success', outcome.success]]);
}

function responseText(outcome: ScriptOutcome): string {
  const value = resultScope(outcome).get('response');
  return typeof value === 'string' ? value : String(value ?? '');
}
