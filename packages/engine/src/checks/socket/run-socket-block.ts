import type { SocketBlock } from '@picket/checks/protocols/socket/socket-block';
import { payloadSets } from '@picket/checks/run/payload-sets';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { endpointsOf } from '../program/own-endpoint.ts';
import type { ProgramRun } from '../program/program-run.ts';
import { undecidedTalk } from '../program/undecided.ts';
import { converse } from './socket-steps.ts';

/** Runs a `tcp` or `udp` block with every set of payloads. True when something matched. */
export async function runSocketBlock(block: SocketBlock, run: ProgramRun): Promise<boolean> {
  let matched = false;
  for (const values of payloadSets(block.payloads, run.scope, run.ambient)) {
    for (const endpoint of endpointsOf(block, new Map([...run.scope, ...values]), run)) {
      if (run.overdue()) return matched;
      const found = await runOnce(block, { endpoint, values }, run);
      matched ||= found;
      if (found && block.stopAtFirstMatch) return true;
    }
  }
  return matched;
}

/** One conversation with one set of payloads. True when it matched. */
async function runOnce(
  block: SocketBlock,
  round: { readonly endpoint: Endpoint; readonly values: ReadonlyMap<string, string> },
  run: ProgramRun,
): Promise<boolean> {
  const { endpoint, values } = round;
  const scope = new Map([...run.scope, ...values]);
  const talk = await converse(block, endpoint, { session: run.session, scope });
  if (!talk.ok) {
    // After an earlier request that gave no value there is nothing to send; before any, the check cannot be judged.
    if (talk.error) run.fail(talk.error);
    else if (!run.extracts)
      run.fail({ reason: 'check-unsupported', detail: 'the host has no name that this check needs' });
    return false;
  }
  const known = new Map([...scope, ...talk.value.scope]);
  run.remember(block.protocol, talk.value.scope, block);
  const result = await run.judge(block.operators, known);
  if (!result.matched) {
    const undecided = undecidedTalk(block, talk.value, { scope: known, ambient: run.ambient });
    if (undecided) run.fail(undecided);
    return false;
  }
  run.report(block.operators, result, {
    place: [...(block.places.length > 0 ? [String(endpoint.port)] : []), ...values.values()].join(' '),
    request: talk.value.sent,
    response: talk.value.received,
  });
  return true;
}
