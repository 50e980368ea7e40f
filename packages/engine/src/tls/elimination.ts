/** What asking for one thing after another brought. */
export interface Elimination {
  /** What the server chose, in the order in which it chose. */
  readonly accepted: readonly number[];
  /** The server was asked until it refused the rest. */
  readonly complete: boolean;
}

/** What the server chose from an offer: one of it, `none` when it refuses all, `unknown` when it gave no usable answer. */
export type Choice = number | 'none' | 'unknown';

/**
 * Finds what a server accepts out of many: offers all, takes what it chose out, offers the rest, until it refuses. One more
 * question than there are accepted ones, where asking for each alone would take as many as there are candidates.
 */
export async function eliminate(
  candidates: readonly number[],
  choose: (offer: readonly number[]) => Promise<Choice>,
): Promise<Elimination> {
  const accepted: number[] = [];
  let left = [...candidates];
  while (left.length > 0) {
    const choice = await choose(left);
    if (choice === 'unknown') return { accepted, complete: false };
    // A server that answers with what was not offered has not accepted anything of the offer.
    if (choice === 'none' || !left.includes(choice)) break;
    accepted.push(choice);
    left = left.filter((each) => each !== choice);
  }
  return { accepted, complete: true };
}
