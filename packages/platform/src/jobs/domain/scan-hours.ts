import { allowedSpans, allowedStretch, isAllowedAt } from '@picket/plan/schedule/allowed-time';
import { dayMs, formatWall, weekdayOf } from '@picket/plan/schedule/civil';
import { weekdayName } from '@picket/plan/schedule/describe-schedule';
import type { TimeWindow } from '@picket/plan/schedule/time-window';
import { wallAt } from '@picket/plan/schedule/zone';

export interface NamedWindow extends TimeWindow {
  readonly name: string;
}

/** What bounds the hours of a job. Milliseconds since the epoch. */
export interface HoursOf {
  /** Its own, and the blackouts that hold everywhere. */
  readonly windows: readonly NamedWindow[];
  /** It rests until then; null: it does not. */
  readonly holdUntil: number | null;
  /** Its longest time at a stretch, milliseconds; null: no end. */
  readonly longestMs: number | null;
  /** Since when it runs, windows that shut meanwhile or not; null: it does not run yet. */
  readonly runningSince: number | null;
}

/** Whether a job may scan now: until when, or from when on. Null: no end, or never. */
export type ScanHours =
  | { readonly open: true; readonly until: number | null }
  | { readonly open: false; readonly opensAt: number | null; readonly reason: string };

export function scanHours(of: HoursOf, now: number): ScanHours {
  const { windows, holdUntil } = of;
  const limitEnds = limitEndsAt(of, now);
  const from = Math.max(now, holdUntil ?? 0);
  const stretch = allowedStretch(windows, from);
  if (stretch === null)
    return { open: false, opensAt: null, reason: 'Its windows never open: they and the blackouts leave no time.' };
  if (stretch.from > now) return { open: false, opensAt: stretch.from, reason: whyShut(windows, now, stretch.from) };
  if (limitEnds !== null && limitEnds <= now)
    return { open: false, opensAt: null, reason: 'The longest time that it may run at a stretch is over.' };
  const until = Math.min(stretch.to ?? Number.POSITIVE_INFINITY, limitEnds ?? Number.POSITIVE_INFINITY);
  return { open: true, until: until === Number.POSITIVE_INFINITY ? null : until };
}

/**
 * When a job has run as long as it may at a stretch; null: it has no such limit. A window that shuts ends the stretch: what it ran
 * before does not count at the next opening.
 */
export function limitEndsAt({ windows, longestMs, runningSince }: HoursOf, now: number): number | null {
  if (longestMs === null) return null;
  const last = runningSince === null ? undefined : allowedSpans(windows, { from: runningSince, to: now + 1 }).at(-1);
  const began = last !== undefined && last.to > now ? last.from : now;
  return began + longestMs;
}

function whyShut(windows: readonly NamedWindow[], now: number, opensAt: number): string {
  const shut = windows.find((one) => one.kind === 'blackout' && !isAllowedAt([one], now));
  const zone = (shut ?? windows.find(({ kind }) => kind === 'allow') ?? windows[0])?.zone ?? 'UTC';
  const until = localTime(opensAt, zone);
  if (shut) return `Waiting: in the blackout "${shut.name}" nothing scans. It may go on ${until}.`;
  return `Waiting for the window until ${until}.`;
}

/** `Tue 2026-12-01 01:00 Europe/Berlin`. */
export function localTime(at: number, zone: string): string {
  const wall = wallAt(zone, at);
  return `${weekdayName(weekdayOf(Math.floor(wall / dayMs)))} ${formatWall(wall).replace('T', ' ')} ${zone}`;
}

/** When `spentMs` of allowed time are over, at most `longestMs` from `from`: how long a job that waits for windows may take. */
export function afterAllowedTime(
  windows: readonly TimeWindow[],
  from: number,
  limits: { readonly spentMs: number; readonly longestMs: number },
): number {
  let left = limits.spentMs;
  for (let at = from; at < from + limits.longestMs; ) {
    const stretch = allowedStretch(windows, at);
    if (stretch === null) break;
    const end = stretch.to ?? Number.POSITIVE_INFINITY;
    if (stretch.from + left <= end) return Math.min(stretch.from + left, from + limits.longestMs);
    left -= end - stretch.from;
    at = end;
  }
  return from + limits.longestMs;
}
