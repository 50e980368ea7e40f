import { LayeredScope } from '@picket/checks/dsl/layered-scope';
import type { DslScope } from '@picket/checks/dsl/value';
import type { OperatorResult, Operators } from '@picket/checks/template/operators';
import { callScope } from './call-back.ts';
import type { ProgramRun } from './program-run.ts';

/** Judges an answer, or each call of the target that the operators look at until one matches. */
export async function judgeWithCalls(operators: Operators, known: DslScope, run: ProgramRun): Promise<OperatorResult> {
  for (const call of await run.calls(operators)) {
    const result = await run.judge(operators, new LayeredScope(known, callScope(call)));
    if (result.matched) return result;
  }
  return run.judge(operators, known);
}
