import { describe, expect, it } from 'vitest';
import type { EngineEvent } from './event.ts';
import { resumeFrom, resumeState } from './resume.ts';

const time = '2026-11-21T00:00:00.000Z';
const unit = (
  phase: 'discovery' | 'ports',
  subject: string,
  state: 'running' | 'done' | 'cancelled' | 'not-evaluable',
): EngineEvent => ({ type: 'unit', unit: { phase, subject }, time, state });
const port = (address: string, number: number): EngineEvent => ({
  type: 'port',
  unit: { phase: 'ports', subject: address },
  time,
  address,
  protocol: 'tcp',
  port: number,
  state: 'open',
  reason: 'accepted',
});

describe('resume', () => {
  it('keeps the facts of units that ended and drops those of units that did not', () => {
    const state = resumeFrom([
      unit('ports', '10.0.0.1', 'running'),
      port('10.0.0.1', 22),
      unit('ports', '10.0.0.1', 'done'),
      unit('ports', '10.0.0.2', 'running'),
      port('10.0.0.2', 80),
    ]);
    expect(state.ended).toEqual([{ phase: 'ports', subject: '10.0.0.1' }]);
    expect(state.ports.map((each) => each.address)).toEqual(['10.0.0.1']);
  });

  it('takes not-evaluable for an end and cancelled for none', () => {
    const state = resumeFrom([unit('ports', 'a', 'not-evaluable'), unit('ports', 'b', 'cancelled')]);
    expect(state.ended.map((each) => each.subject)).toEqual(['a']);
  });

  it('adds up what is done of checks that did not end, and forgets it where they did', () => {
    const checked = (address: string, more: object): EngineEvent => ({
      type: 'checked',
      unit: { phase: 'checks', subject: address },
      time,
      address,
      protocol: 'tcp',
      port: 80,
      contentVersion: '1',
      passed: [],
      notEvaluable: [],
      ...more,
    });
    const ended: EngineEvent = { type: 'unit', unit: { phase: 'checks', subject: '10.0.0.2' }, time, state: 'done' };
    const later = time.replace('00Z', '09Z');
    const { checks } = resumeFrom([
      checked('10.0.0.1', { plan: 'a', done: '0-3' }),
      checked('10.0.0.2', { plan: 'a', done: '0-3' }),
      checked('10.0.0.1', { plan: 'a', done: '7', part: 1 }),
      ended,
      checked('10.0.0.3', { plan: 'new', done: '1', part: 3, time: later }),
      checked('10.0.0.3', { plan: 'old', done: '5', part: 4 }),
      checked('10.0.0.3', { part: 6 }),
      checked('10.0.0.4', {}),
    ]);
    const place = { protocol: 'tcp', port: 80 };
    expect(checks).toEqual([
      { address: '10.0.0.1', ...place, plan: 'a', done: '0-3,7', parts: 2 },
      { address: '10.0.0.3', ...place, plan: 'new', done: '1', parts: 7 },
    ]);
  });

  it('reads what was written before checks had progress', () => {
    const { checks: _, ...old } = resumeFrom([]);
    expect(resumeState.parse(old)).toEqual(resumeFrom([]));
  });

  it('holds a fact once, however often it was told', () => {
    expect(
      resumeFrom([port('10.0.0.1', 22), port('10.0.0.1', 22), unit('ports', '10.0.0.1', 'done')]).ports,
    ).toHaveLength(1);
  });
});
