import type { HttpBlock } from '@picket/checks/protocols/http/http-block';
import type { RequestRefusal } from '@picket/checks/run/http-message';
import type { ProgramRun } from '../program/program-run.ts';

/** A value that an earlier answer did not give makes a request meaningless, and so it does not match; all else is a failure. */
export function noteRefusal(refusal: RequestRefusal, block: HttpBlock, run: ProgramRun): void {
  if (refusal.kind === 'scope') run.fail({ reason: 'scope-denied', detail: refusal.detail });
  else if (refusal.kind === 'form') run.fail({ reason: 'check-unsupported', detail: refusal.detail });
  else if (block.keepUnresolved || !run.extracts)
    run.fail({ reason: 'check-unsupported', detail: `${refusal.detail} has no value` });
}
