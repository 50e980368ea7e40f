/** How the next poll asks: hold the answer, or answer at once and wait here. */
export type PollMode = 'long' | 'plain';

/** What became of a long-poll. `cut`: it was sent and its connection ended before the answer. */
export type LongPollOutcome = 'answered' | 'cut' | 'not-reached';

export interface PollModeState {
  /** Long-polls in a row that were cut. */
  readonly cuts: number;
  /** Monotonic milliseconds until which polling is plain; 0 for none. */
  readonly plainUntil: number;
}

export const initialPollMode: PollModeState = { cuts: 0, plainUntil: 0 };

/** So long polling stays plain before a long-poll is tried again, milliseconds. */
export const plainPeriodMs = 600_000;
const cutsAllowed = 2;

export function pollMode(state: PollModeState, wanted: boolean, monotonicMs: number): PollMode {
  return wanted && monotonicMs >= state.plainUntil ? 'long' : 'plain';
}

/**
 * A proxy that cuts quiet connections shows itself by two long-polls in a row that die early: then polling is plain
 * for a while. A platform that can't be reached says nothing about long-polls.
 */
export function afterLongPoll(state: PollModeState, outcome: LongPollOutcome, monotonicMs: number): PollModeState {
  if (outcome === 'answered') return initialPollMode;
  if (outcome === 'not-reached') return state;
  const cuts = state.cuts + 1;
  return cuts < cutsAllowed ? { ...state, cuts } : { cuts: 0, plainUntil: monotonicMs + plainPeriodMs };
}
