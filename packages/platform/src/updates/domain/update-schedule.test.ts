import { describe, expect, it } from 'vitest';
import { isDue, lastTime, minuteOf, nextTime, ownMinute, timeText } from './update-schedule.ts';

const at = (text: string) => Date.parse(`2026-11-${text}Z`);

describe('the schedule of updates', () => {
  it('spreads appliances over the day', () => {
    const minutes = Array.from({ length: 1440 }, (_, id) => ownMinute(id + 1));
    expect(new Set(minutes).size).toBeGreaterThan(800);
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...minutes)).toBeLessThan(1440);
    const hours = new Set(Array.from({ length: 24 }, (_, id) => Math.floor(ownMinute(id + 1) / 60)));
    expect(hours.size).toBeGreaterThan(12);
  });

  it('knows the last and the next time, also over midnight', () => {
    expect(lastTime(at('29T03:17:00'), 197)).toBe(at('29T03:17:00'));
    expect(lastTime(at('29T03:16:59'), 197)).toBe(at('28T03:17:00'));
    expect(nextTime(at('29T03:17:00'), 197)).toBe(at('30T03:17:00'));
    expect(nextTime(at('29T03:16:59'), 197)).toBe(at('29T03:17:00'));
    expect([timeText(197), minuteOf('03:17'), timeText(0), minuteOf('23:59')]).toEqual(['03:17', 197, '00:00', 1439]);
  });

  it.each([
    ['before its time', '29T03:00:00', '28T12:00:00', null, false],
    ['at its time', '29T03:17:00', '28T12:00:00', null, true],
    ['long after', '30T02:00:00', '28T12:00:00', null, true],
    ['published after the time of today', '29T05:00:00', '29T04:00:00', null, false],
    ['asked for since', '29T05:00:00', '29T04:00:00', '29T04:30:00', true],
    ['asked for before it was there', '29T05:00:00', '29T04:00:00', '29T03:59:59', false],
  ])('%s', (_title, now, currentAt, askedAt, due) => {
    const asked = askedAt === null ? null : at(askedAt);
    expect(isDue({ now: at(now), minute: 197, currentAt: at(currentAt), askedAt: asked })).toBe(due);
  });
});
