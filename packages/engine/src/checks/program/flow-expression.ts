import type { RequestBlock } from '@picket/checks/check';
import type { DslNode } from '@picket/checks/dsl/parser';
import { chosenBlocks } from './flow-blocks.ts';
import type { ProgramRun } from './program-run.ts';
import { runInFlow } from './run-in-flow.ts';

/** Evaluates `http(1) && !http(2)` from left to right, running only the blocks that decide. */
export async function runFlowExpression(
  node: DslNode,
  blocks: readonly RequestBlock[],
  run: ProgramRun,
): Promise<boolean> {
  if (node.kind === 'boolean') return node.value;
  if (node.kind === 'unary' && node.operator === '!') {
    const before = run.failures;
    const holds = await runFlowExpression(node.operand, blocks, run);
    // A request that nobody answered is no proof of the contrary.
    return !holds && run.failures === before;
  }
  if (node.kind === 'binary' && (node.operator === '&&' || node.operator === '||')) {
    const left = await runFlowExpression(node.left, blocks, run);
    if (left === (node.operator === '||')) return left;
    return runFlowExpression(node.right, blocks, run);
  }
  if (node.kind !== 'call') return false;
  const ids = node.args.flatMap((arg) => (arg.kind === 'number' ? [arg.value] : []));
  let matched = false;
  for (const block of chosenBlocks(node.name, ids, blocks)) matched = (await runInFlow(block, run)) || matched;
  return matched;
}
