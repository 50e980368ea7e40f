import type { PlanOutlook } from '@picket/contracts/api/plan-outlook';

/** An earlier scan: how long it took, and how long the model had said at most. */
export interface MeasuredRun {
  readonly seconds: number;
  readonly modelSeconds: number;
  readonly startedAt: string;
}

/**
 * How long a plan will take: what the model says, times what earlier scans took of what the model said of them. The model knows addresses,
 * ports and rate; the share holds what it does not know: how many hosts are there, and how long services and checks take. Pure.
 */
export function durationEstimate(runs: readonly MeasuredRun[], modelSeconds: number): PlanOutlook['duration'] {
  const usable = runs.filter((run) => run.modelSeconds > 0 && run.seconds > 0);
  const shares = usable.map((run) => run.seconds / run.modelSeconds).toSorted((a, b) => a - b);
  const [least, most] = [shares[0], shares.at(-1)];
  if (least === undefined || most === undefined || modelSeconds === 0)
    return {
      basis: 'model',
      seconds: modelSeconds,
      fromSeconds: modelSeconds,
      toSeconds: modelSeconds,
      scans: 0,
      since: null,
    };
  const of = (share: number) => Math.max(1, Math.round(share * modelSeconds));
  return {
    basis: 'history',
    seconds: of(median(shares)),
    fromSeconds: of(least),
    toSeconds: of(most),
    scans: usable.length,
    since: usable.map((run) => run.startedAt).toSorted()[0] ?? null,
  };
}

/** Of a sorted list that is not empty. One run out of the ordinary does not move it. */
function median(sorted: readonly number[]): number {
  const upper = sorted[sorted.length >> 1] ?? 0;
  const lower = sorted[(sorted.length - 1) >> 1] ?? 0;
  return (lower + upper) / 2;
}
