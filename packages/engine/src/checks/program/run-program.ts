import { fromText } from '@picket/checks/byte-string';
import type { CheckProgram } from '@picket/checks/check';
import { OutsideAnswers } from '@picket/checks/dsl/outside';
import type { DslAmbient } from '@picket/checks/dsl/value';
import { addVariables, type Endpoint, targetScope } from '@picket/checks/run/target-scope';
import type { CheckFailure } from '../check-failure.ts';
import type { CheckSession } from '../check-session.ts';
import type { OastPlace } from '../../oast/oast-port.ts';
import { runFlowScript } from '../javascript/run-flow-script.ts';
import { runFlowExpression } from './flow-expression.ts';
import { type CheckMatch, ProgramRun } from './program-run.ts';
import { runBlock } from './run-block.ts';

export interface ProgramOutcome {
  readonly matches: readonly CheckMatch[];
  /** The first exchange that gave nothing to judge; null: everything was judged. */
  readonly failure: CheckFailure | null;
}

/** Runs a check's requests against one endpoint. Never throws on what a target does. */
export async function runProgram(
  program: CheckProgram,
  endpoint: Endpoint,
  session: CheckSession,
): Promise<ProgramOutcome> {
  const place = program.oast && session.oast !== null ? await session.oast.open(endpoint.address) : null;
  try {
    return await runIn(program, endpoint, session, place);
  } finally {
    place?.close();
  }
}

async function runIn(
  program: CheckProgram,
  endpoint: Endpoint,
  session: CheckSession,
  place: OastPlace | null,
): Promise<ProgramOutcome> {
  const ambient: DslAmbient = {
    random: session.random,
    now: () => session.clock.now(),
    outside: new OutsideAnswers(),
  };
  const scope = targetScope(endpoint);
  if (place !== null) scope.set('interactsh-url', fromText(place.url));
  const given = session.settings.variables;
  for (const [name, value] of given) scope.set(name, value);
  addVariables(
    scope,
    program.variables.filter(([name]) => !given.has(name)),
    ambient,
  );
  const extracts = program.blocks.some((block) => block.operators.extractors.some((extractor) => extractor.internal));
  const run = new ProgramRun(session, endpoint, { scope, variables: program.variables, extracts, ambient, place });
  await run.settled(() => run.learned());
  if (program.oast && place === null)
    run.fail({ reason: 'oast-off', detail: 'it waits for a call back, and this scanner listens for none' });
  if (program.flow?.kind === 'javascript') {
    await runFlowScript(program.flow.source, program.blocks, run);
    return { matches: run.matches, failure: run.failure };
  }
  if (program.flow !== null) {
    const holds = await runFlowExpression(program.flow.node, program.blocks, run);
    return { matches: holds ? run.matches : [], failure: run.failure };
  }
  for (const block of program.blocks) {
    const matched = await runBlock(block, run);
    if (matched && program.stopAtFirstMatch) break;
  }
  return { matches: run.matches, failure: run.failure };
}
