import type { RequestBlock } from '@picket/checks/check';
import type { ProgramRun } from './program-run.ts';
import { runBlock } from './run-block.ts';

/**
 * Runs a block that a flow calls, and says whether the flow may go on. A block that matches nothing because it has no matchers has done its
 * work when it gave a value for later requests, or, where it looks for none, when it was answered.
 */
export async function runInFlow(block: RequestBlock, run: ProgramRun): Promise<boolean> {
  const before = { failures: run.failures, gave: run.gave };
  if (await runBlock(block, run)) return true;
  const { matchers, extractors } = block.operators;
  if (matchers.length > 0) return false;
  return extractors.length === 0 ? run.failures === before.failures : run.gave > before.gave;
}
