import { type ApplianceKindState, applianceUpdates } from '@picket/contracts/api/release';
import { describe, expect, it } from 'vitest';
import { isMoving, updateWords } from './update-words.ts';

const at = (state: ApplianceKindState['state'], change: Partial<ApplianceKindState> = {}): ApplianceKindState => ({
  inUse: '0.1.0',
  state,
  wanted: '0.2.0',
  hint: null,
  version: '0.2.0',
  ...change,
});

describe('the words of an update', () => {
  it('exist for every state', () => {
    const states = applianceUpdates.shape.content.unwrap().shape.state.options;
    for (const state of states) expect(updateWords(at(state)).length, state).toBeGreaterThan(5);
    expect(states.filter((state) => isMoving(at(state)))).toEqual([
      'downloading',
      'verifying',
      'unpacking',
      'waiting',
      'switching',
      'confirming',
    ]);
    expect(isMoving(null)).toBe(false);
  });

  it('say how far and why', () => {
    expect(updateWords(at('downloading', { percent: 40 }))).toBe('downloading 0.2.0: 40 %');
    expect(updateWords(at('fell-back', { detail: 'it did not call' }))).toBe(
      '0.2.0 did not work, 0.1.0 is in use again: it did not call',
    );
  });
});
