/** How many units of a job ended how, once no slice of it is open. */
export interface UnitTotals {
  readonly done: number;
  readonly notEvaluable: number;
  readonly cancelled: number;
  readonly open: number;
}

export interface ScanOutcome {
  /** `done`: something was evaluated. `failed`: nothing could run. */
  readonly event: 'done' | 'failed';
  readonly complete: boolean;
  /** A sentence for the status line; null when there is nothing to say. */
  readonly reason: string | null;
}

/** The end of a job whose slices all ended. `detail` is what a slice said that could not run. */
export function scanOutcome(totals: UnitTotals, detail: string | null): ScanOutcome {
  const missing = totals.notEvaluable + totals.cancelled + totals.open;
  if (missing === 0) return { event: 'done', complete: true, reason: null };
  if (totals.done === 0) {
    return {
      event: 'failed',
      complete: false,
      reason: `Nothing could be evaluated. ${detail ?? 'The units say why.'}`.slice(0, 1000),
    };
  }
  const all = totals.done + missing;
  return {
    event: 'done',
    complete: false,
    reason: `${missing} of ${all} units could not be evaluated; the ledger says which and why.`,
  };
}
