/** The rate of a job and how much of it is given away, packets a second. */
export interface RateBudget {
  readonly scanRate: number;
  /** Of every lease that is held now. */
  readonly leased: readonly number[];
  /** Appliances that are online and may run the job, this one included. */
  readonly appliances: number;
}

/**
 * Packets a second for one more lease of a job, or null when it must wait. A profile's rate is a ceiling for the whole
 * job, so that appliances share it: each gets an equal part, or what is left if that is at least half of its part.
 */
export function rateShare(budget: RateBudget): number | null {
  const left = budget.scanRate - budget.leased.reduce((sum, rate) => sum + rate, 0);
  const part = Math.max(1, Math.floor(budget.scanRate / Math.max(1, budget.appliances)));
  const share = Math.min(left, part);
  return share >= 1 && share * 2 >= part ? share : null;
}

/** A job that has slices to give, and how many are leased already. */
export interface WaitingScan {
  readonly scanId: number;
  readonly leased: number;
}

/** Round robin between jobs: the one with the fewest leased slices first, the older one of equals. */
export function fairOrder<T extends WaitingScan>(scans: readonly T[]): readonly T[] {
  return [...scans].sort((a, b) => a.leased - b.leased || a.scanId - b.scanId);
}
