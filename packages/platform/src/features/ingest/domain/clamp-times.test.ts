import type { SpooledEvent } from '@picket/contracts/event';
import { describe, expect, it } from 'vitest';
import { clampTimes } from './clamp-times.ts';

const grantedAt = Date.UTC(2026, 10, 21, 5);
const now = grantedAt + 3_600_000;

function at(time: string): string | undefined {
  const unit = { phase: 'ports', subject: '10.0.0.1' } as const;
  const placed: SpooledEvent = {
    seq: 1,
    scan: 1,
    slice: 1,
    lease: 'l',
    event: { type: 'unit', unit, time, state: 'done' },
  };
  return clampTimes([placed], () => ({ grantedAt, now }))[0]?.event.time;
}

describe('clampTimes', () => {
  it('takes a time after now as now, one before the lease as its grant, and leaves the others alone', () => {
    expect(at('2099-01-01T00:00:00.000Z')).toBe('2026-11-21T06:00:00.000Z');
    expect(at('1970-01-01T00:00:00.000Z')).toBe('2026-11-21T05:00:00.000Z');
    expect(at('2026-11-21T05:30:00.123Z')).toBe('2026-11-21T05:30:00.123Z');
  });
});
