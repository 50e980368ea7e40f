import type { IpRange } from '@picket/base/ip';
import type { RangeSet } from '@picket/base/range-set';

/** More addresses than this are not asked one by one: a sweep of them would not end. 2^24 is a whole IPv4 /8. */
export const addressLimit = 1n << 24n;

/**
 * True for an IPv6 range that is too large to sweep, such as a /64. Its hosts are found without asking every address: the neighbours by
 * multicast, others by names that lead to them.
 */
export function isWide(range: IpRange): boolean {
  return range.family === 6 && range.last - range.first >= addressLimit;
}

/** Addresses of a link in IPv6: a /64 (RFC 4291 section 2.5.1). */
const linkSize = 1n << 64n;
/** Links in one range, at most. */
const mostLinks = 256n;

/**
 * Wide ranges that nobody can mean: neither small enough to be swept nor whole links, whose neighbours can be asked all at once. A plan
 * refuses them.
 */
export function unboundedPart(ranges: RangeSet): RangeSet {
  return ranges.filter((range) => isWide(range) && !isWholeLinks(range));
}

function isWholeLinks({ first, last }: IpRange): boolean {
  return first % linkSize === 0n && (last + 1n) % linkSize === 0n && (last + 1n - first) / linkSize <= mostLinks;
}

/** The part of a set that is asked address by address. */
export function sweptPart(ranges: RangeSet): RangeSet {
  return ranges.filter((range) => !isWide(range));
}
