import { allowedStretch } from '@picket/plan/schedule/allowed-time';
import type { TimeWindow } from '@picket/plan/schedule/time-window';

/** How a job of so much work fits its windows. Milliseconds since the epoch. */
export interface WindowFit {
  /** Begin of its first stretch; null: never. */
  readonly opensAt: number | null;
  /** One stretch is enough. */
  readonly fits: boolean;
  /** Stretches that it needs; null: more than are looked at, or somebody has to resume it. */
  readonly runs: number | null;
  readonly endsAt: number | null;
  /** The longest run cancels it at `endsAt`, before it is through. */
  readonly cut: boolean;
}

/** The longest run that a job may have at a stretch. */
export interface LongestRun {
  readonly hours: number;
  readonly action: 'pause' | 'cancel';
}

/** Stretches that are looked at: beyond that nobody plans. */
const mostRuns = 400;

/** Lays the work of a job into the stretches that its windows leave it, from `start` on. Pure; days of 23 and 25 hours are the windows' own. */
export function windowFit(
  windows: readonly TimeWindow[],
  start: number,
  needMs: number,
  longest: LongestRun | undefined,
): WindowFit {
  let [left, at, opensAt]: [number, number, number | null] = [needMs, start, null];
  for (let runs = 1; runs <= mostRuns; runs += 1) {
    const stretch = allowedStretch(windows, at);
    if (stretch === null) break;
    opensAt ??= stretch.from;
    const closes = stretch.to ?? Number.POSITIVE_INFINITY;
    const limit = longest === undefined ? Number.POSITIVE_INFINITY : stretch.from + longest.hours * 3_600_000;
    const end = Math.min(closes, limit);
    if (stretch.from + left <= end) return { opensAt, fits: runs === 1, runs, endsAt: stretch.from + left, cut: false };
    if (limit < closes && longest?.action === 'cancel') return { opensAt, fits: false, runs, endsAt: limit, cut: true };
    // Paused without a window to go on in: somebody has to resume it.
    if (stretch.to === null || (limit < closes && !windows.some(({ kind }) => kind === 'allow'))) break;
    left -= end - stretch.from;
    at = stretch.to;
  }
  return { opensAt, fits: false, runs: null, endsAt: null, cut: false };
}
