import { updateStates } from '@picket/contracts/updates';
import { constantFrom, array, assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  holdsWork,
  isUpdating,
  nextUpdateState,
  type UpdateEvent,
  updateEvents,
  updateTable,
} from './update-machine.ts';

const way = (...events: UpdateEvent[]) =>
  events.reduce<(typeof updateStates)[number][]>(
    (states, event) => [...states, nextUpdateState(states.at(-1) ?? 'idle', event)],
    [],
  );

describe('the machine of an update', () => {
  it('goes through every step of a good one', () => {
    expect(way('wanted', 'downloaded', 'verified', 'unpacked', 'quiet', 'switched', 'confirmed')).toEqual([
      'downloading',
      'verifying',
      'unpacking',
      'waiting',
      'switching',
      'confirming',
      'idle',
    ]);
  });

  it('is this table, whole', () => {
    const rows = updateStates.flatMap((state) =>
      updateEvents.flatMap((event) => {
        const next = nextUpdateState(state, event);
        return next === state ? [] : [`${state} ${event} ${next}`];
      }),
    );
    expect(rows).toEqual([
      'idle wanted downloading',
      'idle failed failed',
      'downloading downloaded verifying',
      'downloading failed failed',
      'downloading dropped idle',
      'verifying verified unpacking',
      'verifying failed failed',
      'verifying dropped idle',
      'unpacking unpacked waiting',
      'unpacking failed failed',
      'unpacking dropped idle',
      'waiting quiet switching',
      'waiting failed failed',
      'waiting dropped idle',
      'switching switched confirming',
      'switching failed failed',
      'confirming confirmed idle',
      'confirming gave-up fell-back',
      'failed wanted downloading',
      'fell-back wanted downloading',
      'fell-back failed failed',
    ]);
    expect(Object.keys(updateTable)).toEqual([...updateStates]);
  });

  it('never switches without having verified, and never ends half-way', () => {
    assert(
      property(array(constantFrom(...updateEvents), { maxLength: 40 }), (events) => {
        const states = way(...events);
        for (const [at, state] of states.entries()) {
          if (state !== 'switching' || states[at - 1] === 'switching') continue;
          const before = states.slice(0, at).filter((each, index, all) => each !== all[index - 1]);
          expect(before.slice(-4)).toEqual(['downloading', 'verifying', 'unpacking', 'waiting']);
        }
        for (const state of states) if (holdsWork(state)) expect(isUpdating(state)).toBe(true);
      }),
    );
  });
});
