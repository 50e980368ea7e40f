import { describe, expect, it } from 'vitest';
import { afterLongPoll, initialPollMode, type LongPollOutcome, plainPeriodMs, pollMode } from './poll-mode.ts';

function after(outcomes: readonly LongPollOutcome[], at = 1000) {
  return outcomes.reduce((state, outcome) => afterLongPoll(state, outcome, at), initialPollMode);
}

describe('pollMode', () => {
  it('is long unless the platform wants it plain', () => {
    expect(pollMode(initialPollMode, true, 0)).toBe('long');
    expect(pollMode(initialPollMode, false, 0)).toBe('plain');
  });

  it('is plain for a while after two long-polls in a row were cut, then long again', () => {
    const state = after(['cut', 'cut']);
    expect(pollMode(state, true, 1000)).toBe('plain');
    expect(pollMode(state, true, 1000 + plainPeriodMs)).toBe('long');
  });

  it.each<[LongPollOutcome[]]>([
    [['cut']],
    [['cut', 'answered', 'cut']],
    [['not-reached', 'not-reached', 'not-reached']],
  ])('stays long after %s', (outcomes) => {
    expect(pollMode(after(outcomes), true, 1000)).toBe('long');
  });

  it('counts cuts across a time without connection', () => {
    expect(pollMode(after(['cut', 'not-reached', 'cut']), true, 1000)).toBe('plain');
  });
});
