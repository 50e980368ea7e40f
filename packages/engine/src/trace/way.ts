/** One hop of a way: who answered there, or null for a router that stays silent. */
export interface Hop {
  readonly address: string | null;
  /** Milliseconds; absent for silence and for hops known from another way. */
  readonly rttMs?: number;
}

/** The way to a host, nearest hop first; with the host itself at the end when it answered. */
export interface Way {
  readonly hops: readonly Hop[];
  readonly reached: boolean;
}

/** Longest way that is looked for, hops. */
export const mostHops = 30;

/** Hop limits with which systems send; the distance is what is missing from the next one above. */
const initialHopLimits = [64, 128, 255] as const;

/**
 * Hops to a host, the host counted, as the hop limit of its answer suggests: a guess, since the way back may be another and some systems
 * begin elsewhere. Between 1 and `mostHops`.
 */
export function guessDistance(arrived: number): number {
  const initial = initialHopLimits.find((limit) => limit >= arrived) ?? 255;
  // Old systems begin at 32: nothing is 32 hops away.
  const passed = initial - arrived < 32 ? initial - arrived : 32 - arrived;
  return Math.min(mostHops, Math.max(1, passed + 1));
}
