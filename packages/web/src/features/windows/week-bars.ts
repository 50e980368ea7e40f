import { parseMinutes, type Weekday, weekdays } from '@picket/plan/schedule/civil';
import type { WeeklyTimes } from '@picket/plan/schedule/time-window';

/** A stretch of one day, in minutes from midnight; `to` is up to 1440. */
export interface DayBar {
  readonly from: number;
  readonly to: number;
}

/** What the weekly times cover of each day, Monday first, joined where they touch. Times that can't be read cover nothing. Pure. */
export function weekBars(
  weekly: readonly WeeklyTimes[],
): readonly { readonly day: Weekday; readonly bars: readonly DayBar[] }[] {
  return weekdays.map((day) => ({ day, bars: joined(weekly.flatMap((times) => barsOn(times, day))) }));
}

function barsOn({ days, from, to }: WeeklyTimes, day: Weekday): readonly DayBar[] {
  const [begin, end] = [parseMinutes(from), parseMinutes(to)];
  if (begin === null || end === null || begin >= 1440) return [];
  const yesterday: Weekday = weekdays[(day + 5) % 7] ?? 7;
  const overnight = end <= begin;
  return [
    ...(days.includes(day) ? [{ from: begin, to: overnight ? 1440 : end }] : []),
    ...(overnight && end > 0 && days.includes(yesterday) ? [{ from: 0, to: end }] : []),
  ];
}

function joined(bars: readonly DayBar[]): readonly DayBar[] {
  const merged: DayBar[] = [];
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && bar.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, bar.to) };
    else merged.push(bar);
  }
  return merged;
}
