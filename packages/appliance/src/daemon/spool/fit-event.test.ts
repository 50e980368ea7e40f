import type { EngineEvent } from '@picket/contracts/event';
import { engineEvent } from '@picket/contracts/event';
import { applianceLimits } from '@picket/contracts/protocol';
import { describe, expect, it } from 'vitest';
import { fitEvent } from './fit-event.ts';

const unit = { phase: 'checks' as const, subject: '10.0.0.1' };
const time = '2026-11-21T05:00:00.000Z';

describe('fitEvent', () => {
  it('leaves an ordinary event as it is', () => {
    const event: EngineEvent = { type: 'unit', unit, time, state: 'done' };
    expect(fitEvent(event)).toBe(event);
  });

  it.each<EngineEvent>([
    {
      type: 'finding',
      unit,
      time,
      address: '10.0.0.1',
      check: 'c',
      contentVersion: '1',
      name: 'n',
      severity: 'low',
      proof: 'behaviour',
      instance: '',
      evidence: { request: '\u0001'.repeat(8192), response: '\u0001'.repeat(16_384), matcher: 'm' },
    },
    {
      type: 'unit',
      unit,
      time,
      state: 'done',
      coverage: [{ protocol: 'tcp', tested: '1'.repeat(32_768), closed: '1'.repeat(32_768), filtered: '' }],
    },
    {
      type: 'checked',
      unit,
      time,
      address: '10.0.0.1',
      contentVersion: '1',
      passed: Array.from({ length: 2000 }, () => 'c'.repeat(128)),
      notEvaluable: [],
    },
  ])('makes an event that is too large fit, still readable: $type', (event) => {
    const fitted = fitEvent(event);
    expect(engineEvent.safeParse(fitted).success).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThan(applianceLimits.eventBytes);
    expect(fitted.type).toBe(event.type === 'checked' ? 'note' : event.type);
  });
});
