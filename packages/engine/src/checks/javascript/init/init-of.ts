import { toText } from '@picket/checks/byte-string';
import type { DslValue } from '@picket/checks/dsl/value';
import type { JavascriptBlock } from '@picket/checks/protocols/javascript/javascript-block';
import { addVariables } from '@picket/checks/run/target-scope';
import { renderText } from '@picket/checks/template/text';
import { err } from '@picket/base/result';
import type { CheckFailure } from '../../check-failure.ts';
import type { ProgramRun } from '../../program/program-run.ts';
import type { ScriptOutcome, ScriptValue } from '../sandbox/script-messages.ts';
import { ScriptHost } from '../script-host.ts';
import { InitChanges } from './init-changes.ts';
import { initFunctions } from './init-functions.ts';
import type { InitOutcome } from './script-inits.ts';

/** What the `init` of a block gives in this scan. It runs when the first host needs it, and for no other again. */
export function initOf(block: JavascriptBlock, source: string, run: ProgramRun): Promise<InitOutcome> {
  const { inits, signal } = run.session;
  return inits.get(`${run.check}\n${source}`, () => runInit(block, source, run), signal);
}

async function runInit(block: JavascriptBlock, source: string, run: ProgramRun): Promise<InitOutcome> {
  const { session } = run;
  const changes = new InitChanges(block.payloads);
  const host = new ScriptHost(session, run.endpoint, new Map([...initFunctions, ...changes.functions]));
  const calls = [...changes.functions.keys()];
  try {
    const job = { kind: 'block', source, variables: knownToInit(block, run), calls } as const;
    const outcome = await session.scripts.run(job, (name, args) => host.call(name, args), session.signal);
    const failure = host.failure ?? failureOf(outcome);
    return failure === null ? changes.given() : err({ ...failure, detail: `init: ${failure.detail}`.slice(0, 200) });
  } finally {
    host.close();
  }
}

/** The arguments and variables that have a value without a target: what an `init` gives is for all hosts. */
function knownToInit(block: JavascriptBlock, { session, variables }: ProgramRun): Record<string, ScriptValue> {
  const ambient = { random: session.random, now: () => session.clock.now() };
  const given = session.settings.variables;
  const scope = new Map<string, DslValue>(given);
  addVariables(
    scope,
    variables.filter(([name]) => !given.has(name)),
    ambient,
  );
  const args = block.args.flatMap(([name, text]): [string, ScriptValue][] => {
    const value = renderText(text, scope, ambient);
    return 'text' in value ? [[name, toText(value.text)]] : [];
  });
  const template = [...scope].map(([name, value]) => [name, typeof value === 'string' ? toText(value) : String(value)]);
  return { template: Object.fromEntries(template), ...Object.fromEntries(args) };
}

function failureOf(outcome: ScriptOutcome): CheckFailure | null {
  if (outcome.kind === 'threw') return { reason: 'check-unsupported', detail: `it failed: ${outcome.message}` };
  if (outcome.kind !== 'stopped') return null;
  if (outcome.limit === 'cancelled') return { reason: 'cancelled', detail: outcome.detail };
  return { reason: 'local-limit', detail: `it was stopped: ${outcome.detail}` };
}
