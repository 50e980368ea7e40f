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

const nothingLeft = 'Nothing was scanned to the end: every address was excluded after the launch.';

const partLeftOut = 'Addresses that were excluded after the launch were not scanned; the notes say how many.';

/**
 * The end of a job whose slices all ended. `detail` is what a slice said that could not run; `isCut`: addresses were excluded while it was
 * under way.
 */
export function scanOutcome(totals: UnitTotals, detail: string | null, isCut = false): ScanOutcome {
  const missing = totals.notEvaluable + totals.cancelled + totals.open;
  // Units vanish by exclusions alone.
  if (totals.done + missing === 0) return { event: 'done', complete: false, reason: nothingLeft };
  if (missing === 0) return { event: 'done', complete: true, reason: isCut ? partLeftOut : null };
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
