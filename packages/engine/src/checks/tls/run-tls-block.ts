import type { TlsBlock } from '@picket/checks/protocols/tls/tls-block';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { endpointsOf } from '../program/own-endpoint.ts';
import { enumerateTls } from './tls-enumeration.ts';
import { withEnumeration } from './tls-facts.ts';
import type { ProgramRun } from '../program/program-run.ts';
import { undecidedFacts } from '../program/undecided.ts';
import { probeTls } from './tls-probe.ts';

/** Runs an `ssl` block. True when it matched. */
export async function runTlsBlock(block: TlsBlock, run: ProgramRun): Promise<boolean> {
  let matched = false;
  for (const endpoint of endpointsOf(block, run.scope, run))
    if (!run.overdue()) matched = (await runOn(endpoint, block, run)) || matched;
  return matched;
}

async function runOn(endpoint: Endpoint, block: TlsBlock, run: ProgramRun): Promise<boolean> {
  const probe = await probeTls(block, endpoint, run.session);
  if (!probe.ok) {
    run.fail(probe.error);
    return false;
  }
  if (probe.value === null) return false;
  const more = block.allVersions ? await enumerateTls(block, endpoint, run.session) : null;
  if (more?.ok === false) {
    run.fail(more.error);
    return false;
  }
  const facts = more === null ? probe.value : withEnumeration(probe.value, more.value);
  const scope = new Map([...run.scope, ...facts]);
  run.remember('ssl', facts, block);
  const result = await run.judge(block.operators, scope);
  if (result.matched) {
    const response = facts.get('response');
    run.report(block.operators, result, {
      place: '',
      request: '',
      response: typeof response === 'string' ? response : '',
    });
  } else {
    const undecided = undecidedFacts(block, scope);
    if (undecided) run.fail(undecided);
  }
  return result.matched;
}
