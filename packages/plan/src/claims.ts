import type { IpRange } from '@picket/base/ip';
import { intersect, rangeSet, type RangeSet, subtract } from '@picket/base/range-set';
import { type Slice, slices } from './blocks.ts';

/** Addresses that an appliance has a way of its own to, by its id. */
export type Claims = ReadonlyMap<number, RangeSet>;

/** A slice whose addresses all have the same claimants. */
export interface ClaimedSlice extends Slice {
  /** Ids of the appliances with a way of their own to it, in order; empty: nobody's more than another's. */
  readonly claimedBy: readonly number[];
}

/** Cuts a job into slices (`slices`) that end where the claims of appliances do, numbered from 1. Together they are the set, each address once. */
export function claimedSlices(ranges: RangeSet, claims: Claims): readonly ClaimedSlice[] {
  const cut = partitionByClaim(ranges, claims).flatMap(({ part, claimedBy }) =>
    [...slices(part)].map(({ blocks }) => ({ blocks, claimedBy })),
  );
  return cut.map((slice, index) => ({ number: index + 1, ...slice }));
}

interface Part {
  readonly part: RangeSet;
  readonly claimedBy: readonly number[];
}

/** One part for each set of claimants; what nobody claims is first. Costs n log n in the ranges of claims. */
function partitionByClaim(ranges: RangeSet, claims: Claims): readonly Part[] {
  const free: Part = { part: subtract(ranges, rangeSet([...claims.values()].flat())), claimedBy: [] };
  const parts = new Map<string, { readonly pieces: IpRange[]; readonly claimedBy: readonly number[] }>();
  for (const { piece, claimedBy } of pieces(claims)) {
    const key = claimedBy.join();
    const known = parts.get(key);
    if (known) known.pieces.push(piece);
    else parts.set(key, { pieces: [piece], claimedBy });
  }
  const claimed = [...parts.values()].map((one) => ({
    part: intersect(ranges, rangeSet(one.pieces)),
    claimedBy: one.claimedBy,
  }));
  return [free, ...claimed].filter(({ part }) => part.length > 0);
}

/** Pieces of the address space between the ends of claims, with who claims each. */
function* pieces(claims: Claims): Generator<{ readonly piece: IpRange; readonly claimedBy: readonly number[] }> {
  for (const family of [4, 6] as const) {
    const edges = [...claims].flatMap(([id, ranges]) =>
      rangeSet(ranges)
        .filter((range) => range.family === family)
        .flatMap(({ first, last }) => [
          { at: first, id, begins: true },
          { at: last + 1n, id, begins: false },
        ]),
    );
    const claimants = new Set<number>();
    let from = 0n;
    for (const { at, id, begins } of edges.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
      if (at > from && claimants.size > 0)
        yield { piece: { family, first: from, last: at - 1n }, claimedBy: [...claimants].toSorted((a, b) => a - b) };
      from = at;
      if (begins) claimants.add(id);
      else claimants.delete(id);
    }
  }
}
