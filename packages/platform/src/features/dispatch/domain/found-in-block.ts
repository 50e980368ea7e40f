import { type IpAddress, type IpRange, parseIp, parseRange } from '@picket/base/ip';
import type { EngineEvent } from '@picket/contracts/event';

/** A block of a slice, as the ledger names it. */
interface Block extends IpRange {
  readonly subject: string;
}

/**
 * Facts of a slice with each host in the block that its address lies in now. An exclusion cuts blocks, and a host that was found before
 * belongs to the piece that is left around it: what names a block that is there no more would count as not found. Hosts of no block are
 * excluded, and left out.
 */
export function foundInBlocks(facts: readonly EngineEvent[], blocks: readonly string[]): readonly EngineEvent[] {
  const subjects = new Set(blocks);
  const sorted = blocks
    .flatMap((subject): Block[] => {
      const range = parseRange(subject);
      return range.ok ? [{ ...range.value, subject }] : [];
    })
    .sort((a, b) => a.family - b.family || (a.first < b.first ? -1 : 1));
  return facts.flatMap((fact) => {
    if (fact.type !== 'host' || fact.unit.phase !== 'discovery' || subjects.has(fact.unit.subject)) return [fact];
    const address = parseIp(fact.address);
    const block = address.ok ? blockAt(sorted, address.value) : null;
    return block ? [{ ...fact, unit: { ...fact.unit, subject: block.subject } }] : [];
  });
}

function blockAt(sorted: readonly Block[], address: IpAddress): Block | null {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const block = sorted[middle];
    if (block && endsBefore(block, address)) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  return found && found.family === address.family && found.first <= address.bits ? found : null;
}

function endsBefore(block: Block, address: IpAddress): boolean {
  return block.family < address.family || (block.family === address.family && block.last < address.bits);
}
