/** Units of one phase by state. */
export interface PhaseUnits {
  readonly pending: number;
  readonly running: number;
  readonly done: number;
  readonly notEvaluable: number;
  readonly cancelled: number;
}

/** Shares of the bar in percent; what is neither is still waiting. Cancelled units count as unknown: they were not judged. */
export function phaseShares(units: PhaseUnits): { total: number; done: number; running: number; unknown: number } {
  const total = units.pending + units.running + units.done + units.notEvaluable + units.cancelled;
  const share = (count: number) => (total === 0 ? 0 : (count / total) * 100);
  return {
    total,
    done: share(units.done),
    running: share(units.running),
    unknown: share(units.notEvaluable + units.cancelled),
  };
}
