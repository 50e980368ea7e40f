import { describe, expect, it } from 'vitest';
import type { EngineEvent } from './event.ts';
import { resumeFrom } from './resume.ts';

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

  it('holds a fact once, however often it was told', () => {
    expect(
      resumeFrom([port('10.0.0.1', 22), port('10.0.0.1', 22), unit('ports', '10.0.0.1', 'done')]).ports,
    ).toHaveLength(1);
  });
});
