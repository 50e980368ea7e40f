import { dayMs, minuteMs, parseMinutes, parseWall, weekdayOf } from './civil.ts';
import { subtractSpans, type TimeSpan, unionSpans } from './time-spans.ts';
import type { TimeWindow } from './time-window.ts';
import { offsetSpans } from './zone.ts';

/** How far ahead is looked for the next opening: a year, so that a window of once a year is found. */
export const horizonMs = 400 * dayMs;
const chunkMs = 8 * dayMs;

/** The allowed stretches within a span: all of it without an allow window, never inside a blackout. */
export function allowedSpans(windows: readonly TimeWindow[], span: TimeSpan): readonly TimeSpan[] {
  const of = (kind: TimeWindow['kind']) => windows.filter((window) => window.kind === kind);
  const allow = of('allow');
  const open = allow.length === 0 ? [span] : unionSpans(allow.flatMap((window) => coveredSpans(window, span)));
  return subtractSpans(open, unionSpans(of('blackout').flatMap((window) => coveredSpans(window, span))));
}

export function isAllowedAt(windows: readonly TimeWindow[], atMs: number): boolean {
  return allowedSpans(windows, { from: atMs, to: atMs + 1 }).length > 0;
}

/** Milliseconds of a span in which scanning is allowed. */
export function allowedMs(windows: readonly TimeWindow[], span: TimeSpan): number {
  return allowedSpans(windows, span).reduce((sum, one) => sum + one.to - one.from, 0);
}

/**
 * The allowed stretch at an instant or, when none is then, the next one. `to` is null when it does not end within the horizon; null itself when nothing
 * opens within it.
 */
export function allowedStretch(
  windows: readonly TimeWindow[],
  atMs: number,
): { readonly from: number; readonly to: number | null } | null {
  if (windows.length === 0) return { from: atMs, to: null };
  let open: TimeSpan | undefined;
  for (let from = atMs; from < atMs + horizonMs; from += chunkMs) {
    const to = from + chunkMs;
    for (const span of allowedSpans(windows, { from, to })) {
      if (open && span.from > open.to) return open;
      open = { from: open ? open.from : span.from, to: span.to };
    }
    if (open && open.to < to) return open;
  }
  return open ? { from: open.from, to: null } : null;
}

/** The stretches of a span in which the wall clock of the window's zone shows a time of the window. */
export function coveredSpans(window: TimeWindow, span: TimeSpan): readonly TimeSpan[] {
  const found = offsetSpans(window.zone, span.from, span.to).flatMap(({ from, to, offset }) => {
    const shown = { from: from + offset, to: to + offset };
    return [...weeklyWalls(window, shown), ...dateWalls(window)].map((wall) => ({
      from: Math.max(wall.from, shown.from) - offset,
      to: Math.min(wall.to, shown.to) - offset,
    }));
  });
  return unionSpans(found);
}

function weeklyWalls({ weekly }: TimeWindow, shown: TimeSpan): readonly TimeSpan[] {
  const walls: TimeSpan[] = [];
  const last = Math.floor(shown.to / dayMs);
  for (let day = Math.floor(shown.from / dayMs) - 1; day <= last; day += 1) {
    for (const times of weekly) {
      if (!times.days.includes(weekdayOf(day))) continue;
      const from = parseMinutes(times.from) ?? 0;
      const to = parseMinutes(times.to) ?? 0;
      const end = to > from ? to : to + 1440;
      walls.push({ from: day * dayMs + from * minuteMs, to: day * dayMs + end * minuteMs });
    }
  }
  return walls;
}

function dateWalls({ dates }: TimeWindow): readonly TimeSpan[] {
  return dates.flatMap(({ from, to }) => {
    const [begin, end] = [parseWall(from), parseWall(to)];
    return begin === null || end === null ? [] : [{ from: begin, to: end }];
  });
}
