import type { SocketBlock } from '@picket/checks/protocols/socket/socket-block';
import { payloadSets } from '@picket/checks/run/payload-sets';
import type { ProgramRun } from '../program/program-run.ts';
import { undecidedTalk } from '../program/undecided.ts';
import { converse } from './socket-steps.ts';

/** Runs a `tcp` or `udp` block with every set of payloads. True when something matched. */
export async function runSocketBlock(block: SocketBlock, run: ProgramRun): Promise<boolean> {
  let matched = false;
  for (const values of payloadSets(block.payloads, run.scope, run.ambient)) {
    if (run.overdue()) return matched;
    const scope = new Map([...run.scope, ...values]);
    const talk = await converse(block, run.endpoint, { session: run.session, scope });
    if (!talk.ok) {
      // After an earlier request that gave no value there is nothing to send; before any, the check cannot be judged.
      if (talk.error) run.fail(talk.error);
      else if (!run.extracts)
        run.fail({ reason: 'check-unsupported', detail: 'the host has no name that this check needs' });
      continue;
    }
    const known = new Map([...scope, ...talk.value.scope]);
    run.remember(block.protocol, talk.value.scope);
    const result = await run.judge(block.operators, known);
    if (!result.matched) {
      const undecided = undecidedTalk(block, talk.value, { scope: known, ambient: run.ambient });
      if (undecided) run.fail(undecided);
      continue;
    }
    matched = true;
    run.report(block.operators, result, {
      place: [...values.values()].join(' '),
      request: talk.value.sent,
      response: talk.value.received,
    });
    if (block.stopAtFirstMatch) return true;
  }
  return matched;
}
