import { formatRange, type IpRange, parseRange } from '@picket/base/ip';
import { countAddresses, type RangeSet } from '@picket/base/range-set';
import { isWide, sweptPart } from './wide-range.ts';

/** A block of addresses is the unit of discovery in the ledger, so that a /8 costs thousands of rows, not millions. */
export interface BlockSizing {
  /** Addresses a block, at most. */
  readonly blockSize: bigint;
}

/** 256 addresses a block, doubled until a job has at most 4,096 blocks. Wide ranges are blocks of their own. */
export function blockSizing(ranges: RangeSet): BlockSizing {
  let blockSize = 256n;
  const count = countAddresses(sweptPart(ranges));
  while (count / blockSize > 4096n) blockSize *= 2n;
  return { blockSize };
}

/** Cuts a set into blocks at multiples of the block size, wide ranges left whole. Together they are the set, each address once. */
export function* blocks(ranges: RangeSet, sizing: BlockSizing): Generator<IpRange> {
  for (const range of ranges) {
    if (isWide(range)) {
      yield range;
      continue;
    }
    let first = range.first;
    while (first <= range.last) {
      const boundary = (first / sizing.blockSize + 1n) * sizing.blockSize - 1n;
      const last = boundary < range.last ? boundary : range.last;
      yield { family: range.family, first, last };
      first = last + 1n;
    }
  }
}

/** A slice: consecutive blocks that are leased together. */
export interface Slice {
  /** From 1, in order. */
  readonly number: number;
  readonly blocks: readonly IpRange[];
}

/**
 * Groups the blocks of a job into slices of about `addressesPerSlice` (default 4,096: at the normal profile some
 * minutes of work, so that a lost appliance costs little and several can share a job).
 */
export function* slices(ranges: RangeSet, addressesPerSlice = 4096n): Generator<Slice> {
  const sizing = blockSizing(ranges);
  let pending: IpRange[] = [];
  let count = 0n;
  let number = 1;
  for (const block of blocks(ranges, sizing)) {
    pending.push(block);
    count += block.last - block.first + 1n;
    if (count >= addressesPerSlice) {
      yield { number, blocks: pending };
      number += 1;
      pending = [];
      count = 0n;
    }
  }
  if (pending.length > 0) yield { number, blocks: pending };
}

/** Cuts blocks in two after `count` addresses, inside of one where that falls there. Null where a wide range is among them: those stay whole. */
export function cutBlocks(
  ranges: readonly IpRange[],
  count: bigint,
): { readonly head: readonly IpRange[]; readonly rest: readonly IpRange[] } | null {
  if (ranges.some(isWide)) return null;
  const head: IpRange[] = [];
  const rest: IpRange[] = [];
  let left = count;
  for (const range of ranges) {
    const size = range.last - range.first + 1n;
    const taken = size < left ? size : left;
    if (taken > 0n) head.push({ ...range, last: range.first + taken - 1n });
    if (taken < size) rest.push({ ...range, first: range.first + taken });
    left -= taken;
  }
  return { head, rest };
}

/** The subject of a discovery unit: `10.0.0.0-10.0.0.255`. */
export function blockSubject(block: IpRange): string {
  return formatRange(block);
}

export function parseBlockSubject(subject: string): IpRange | null {
  const parsed = parseRange(subject);
  return parsed.ok ? parsed.value : null;
}
