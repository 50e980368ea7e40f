/** A lease of the appliance that its poll did not name. */
export interface UnnamedLease {
  /** What it said of the lease last; null: it never named it. */
  readonly reported: string | null;
  /** Milliseconds since it was granted. */
  readonly ageMs: number;
}

/** An answer may be on its way while the next poll already is; younger leases are left alone. */
const answerTravelMs = 2000;

/**
 * What to do with a lease that its holder does not name. While its spool holds events the end of the slice may be among
 * them. With an empty spool it does not have the lease: the answer that granted it was lost, so it is delivered again; or
 * it had it and forgot (its disk was replaced), so the slice goes back.
 */
export function judgeUnnamed(lease: UnnamedLease, spoolEvents: number): 'wait' | 'deliver-again' | 'requeue' {
  if (spoolEvents > 0 || lease.ageMs < answerTravelMs) return 'wait';
  return lease.reported === null ? 'deliver-again' : 'requeue';
}
