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
import { type CheckMatch, type JudgedAnswer, ProgramRun } from './program-run.ts';
import { runBlock } from './run-block.ts';

export interface ProgramOutcome {
  readonly matches: readonly CheckMatch[];
  /** The first exchange that gave nothing to judge; null: everything was judged. */
  readonly failure: CheckFailure | null;
  /** What was matched on, for a workflow around the check. */
  readonly judged: readonly JudgedAnswer[];
}

/** What the parts of a workflow hand on to a check; nothing for one that stands alone. */
export interface HandedOn {
  /** Variables for what the check itself leaves open; byte strings. */
  readonly values: ReadonlyMap<string, string>;
  /** By name; the check adds its own. */
  readonly cookies: Map<string, string>;
}

/** Runs a check's requests against one endpoint. Never throws on what a target does. */
export async function runProgram(
  program: CheckProgram,
  endpoint: Endpoint,
  session: CheckSession,
  handed: HandedOn = { values: new Map(), cookies: new Map() },
): Promise<ProgramOutcome> {
  const place = program.oast && session.oast !== null ? await session.oast.open(endpoint.address) : null;
  try {
    return await runIn(program, { endpoint, place, handed }, session);
  } finally {
    place?.close();
  }
}

interface RunStart {
  readonly endpoint: Endpoint;
  readonly place: OastPlace | null;
  readonly handed: HandedOn;
}

async function runIn(program: CheckProgram, start: RunStart, session: CheckSession): Promise<ProgramOutcome> {
  const { endpoint, place, handed } = start;
  const ambient: DslAmbient = {
    random: session.random,
    now: () => session.clock.now(),
    outside: new OutsideAnswers(),
  };
  const scope = targetScope(endpoint);
  if (place !== null) scope.set('interactsh-url', fromText(place.url));
  // What a target said never takes the place of where requests go, nor of what the check sets itself.
  for (const [name, value] of handed.values) if (!scope.has(name)) scope.set(name, value);
  const given = session.settings.variables;
  for (const [name, value] of given) scope.set(name, value);
  addVariables(
    scope,
    program.variables.filter(([name]) => !given.has(name)),
    ambient,
  );
  const extracts = program.blocks.some((block) => block.operators.extractors.some((extractor) => extractor.internal));
  const { id: check, variables } = program;
  const { cookies } = handed;
  const { ownPlace } = program;
  const run = new ProgramRun(session, endpoint, {
    check,
    scope,
    variables,
    extracts,
    ownPlace,
    ambient,
    place,
    cookies,
  });
  await run.settled(() => run.learned());
  if (program.oast && place === null)
    run.fail({ reason: 'oast-off', detail: 'it waits for a call back, and this scanner listens for none' });
  const holds = await runBlocks(program, run);
  const { matches, judged, failure } = run;
  return { matches: holds ? matches : [], judged: holds ? judged : [], failure };
}

/** Runs the blocks that the flow wants, else all of them in order. False: the flow as a whole does not hold. */
async function runBlocks({ flow, blocks, stopAtFirstMatch }: CheckProgram, run: ProgramRun): Promise<boolean> {
  if (flow?.kind === 'expression') return runFlowExpression(flow.node, blocks, run);
  if (flow?.kind === 'javascript') {
    await runFlowScript(flow.source, blocks, run);
    return true;
  }
  for (const block of blocks) {
    const matched = await runBlock(block, run);
    if (matched && stopAtFirstMatch) break;
  }
  return true;
}
