import type { OutboundFailure } from '@picket/outbound/failure';
import type { SignedAnswer } from '@picket/outbound/signed-client';
import type { ApplianceStatus } from '../local/status.ts';
import { type ConnectionEvent, nextState } from './connection-state.ts';

/** What changes of the status over time; the rest is read when it is published. */
export type BoardState = Pick<
  ApplianceStatus,
  | 'state'
  | 'attempt'
  | 'checkingFiles'
  | 'activationCode'
  | 'activationExpiresAt'
  | 'lastContact'
  | 'polling'
  | 'lanAddress'
  | 'failure'
  | 'name'
  | 'applianceId'
>;

export const initialBoard: BoardState = {
  state: 'connecting',
  attempt: 'boot',
  checkingFiles: false,
  activationCode: null,
  activationExpiresAt: null,
  lastContact: null,
  polling: 'long',
  lanAddress: null,
  failure: null,
  name: null,
  applianceId: null,
};

/** The board after an event of the connection; `patch` is what else came with it. */
export function advance(board: BoardState, event: ConnectionEvent, patch: Partial<BoardState> = {}): BoardState {
  const reached = event === 'code-issued' || event === 'activated' || event === 'polled';
  const waiting = event === 'code-issued';
  return {
    ...board,
    ...(reached ? { failure: null } : {}),
    // What comes after an attempt that reached the platform is none of its doing.
    ...(event === 'code-issued' || event === 'polled' ? { attempt: 'in-force' as const } : {}),
    ...(waiting ? {} : { activationCode: null, activationExpiresAt: null }),
    // A lost line does not end the code that was issued.
    ...(event === 'failed' || event === 'attempt'
      ? { activationCode: board.activationCode, activationExpiresAt: board.activationExpiresAt }
      : {}),
    ...patch,
    state: nextState(board.state, event),
  };
}

/** What the status keeps of a failure. */
export function failureOf(failure: OutboundFailure): NonNullable<BoardState['failure']> {
  return {
    kind: failure.kind,
    reason: failure.reason ?? null,
    message: failure.message,
    hint: failure.hint,
    detail: failure.detail,
    proxy: failure.proxy ?? null,
  };
}

export function refusalOf(answer: SignedAnswer): BoardState['failure'] {
  const { problem } = answer;
  if (problem === null) {
    const hint = 'A proxy or gateway may have answered in its place.';
    return {
      kind: `http-${answer.status}`,
      reason: null,
      message: `HTTP ${answer.status} without an explanation.`,
      hint,
      detail: '',
      proxy: null,
    };
  }
  return {
    kind: problem.code.slice(0, 64),
    reason: null,
    message: problem.detail.slice(0, 500),
    hint: (problem.hint ?? '').slice(0, 500),
    detail: '',
    proxy: null,
  };
}
