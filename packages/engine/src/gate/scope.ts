import type { IpAddress, IpRange } from '@picket/base/ip';
import { contains, intersect, type RangeSet, rangeSet, subtract } from '@picket/base/range-set';
import type { EngineJob } from '../run/job.ts';

/** What a job may touch: its blocks without its exclusions, and only what the appliance's own list allows. */
export interface Scope {
  readonly allowed: RangeSet;
  /** What the plan has and the local list forbids. */
  readonly denied: RangeSet;
}

/** Works the scope out, once a run. `localAllowList` null: the appliance has no list of its own. */
export function scopeOf(job: Pick<EngineJob, 'blocks' | 'exclusions'>, localAllowList: RangeSet | null): Scope {
  const planned = subtract(rangeSet(job.blocks), job.exclusions);
  if (localAllowList === null) return { allowed: planned, denied: [] };
  const allowed = intersect(planned, localAllowList);
  return { allowed, denied: subtract(planned, allowed) };
}

/**
 * True when the address is in the set. IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2) never is: the kernel would send
 * IPv4, past exclusions written as IPv4.
 */
export function inScope(allowed: RangeSet, address: IpAddress): boolean {
  if (address.family === 6 && address.bits >> 32n === 0xffffn) return false;
  return contains(allowed, address);
}

/** The part of a set that lies in a range; finds its place by binary search. */
export function clip(set: RangeSet, range: IpRange): RangeSet {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endsBefore(set[middle] as IpRange, range)) low = middle + 1;
    else high = middle;
  }
  const parts: IpRange[] = [];
  for (let index = low; index < set.length; index += 1) {
    const part = set[index] as IpRange;
    if (part.family !== range.family || part.first > range.last) break;
    const first = part.first > range.first ? part.first : range.first;
    const last = part.last < range.last ? part.last : range.last;
    parts.push({ family: range.family, first, last });
  }
  return parts;
}

function endsBefore(part: IpRange, range: IpRange): boolean {
  return part.family === range.family ? part.last < range.first : part.family < range.family;
}
