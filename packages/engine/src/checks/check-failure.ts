import type { DialFailure } from '@picket/base/dialer';
import type { NotEvaluableReason } from '@picket/contracts/event';

/** Why an exchange gave no answer to judge. */
export interface CheckFailure {
  readonly reason: NotEvaluableReason;
  readonly detail: string;
}

const reasons: Readonly<Record<DialFailure['kind'], NotEvaluableReason>> = {
  refused: 'connection-failed',
  unreachable: 'connection-failed',
  reset: 'connection-failed',
  timeout: 'timeout',
  scope: 'scope-denied',
  cancelled: 'cancelled',
  local: 'local-limit',
};

export function failureOf(failure: DialFailure, inTls = false): CheckFailure {
  const reason = inTls && failure.kind === 'reset' ? 'tls-failed' : reasons[failure.kind];
  return { reason, detail: `${failure.kind} ${failure.detail}`.trim().slice(0, 200) };
}
