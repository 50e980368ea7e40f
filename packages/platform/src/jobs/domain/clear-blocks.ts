import { formatRange, parseRange } from '@picket/base/ip';
import { type RangeSet, subtract } from '@picket/base/range-set';

/** A block of a slice that holds excluded addresses, and what is left of it: nothing, or the pieces around them. */
export interface ClearedBlock {
  readonly block: string;
  readonly parts: readonly string[];
}

/** Blocks of a slice without the excluded addresses. Blocks that hold none keep their text: it is the subject of their discovery. */
export function clearBlocks(
  blocks: readonly string[],
  excluded: RangeSet,
): { readonly blocks: readonly string[]; readonly cleared: readonly ClearedBlock[] } {
  const cleared: ClearedBlock[] = [];
  const kept = blocks.flatMap((block) => {
    const range = parseRange(block);
    if (!range.ok) return [block];
    const rest = subtract([range.value], excluded);
    const [only] = rest;
    if (rest.length === 1 && only && only.first === range.value.first && only.last === range.value.last) return [block];
    const parts = rest.map(formatRange);
    cleared.push({ block, parts });
    return parts;
  });
  return { blocks: kept, cleared };
}
