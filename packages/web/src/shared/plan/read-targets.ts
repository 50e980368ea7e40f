import { formatRange } from '@picket/base/ip';
import { countAddresses, type RangeSet, rangeSet, subtract } from '@picket/base/range-set';
import { publicPart, unscannablePart } from '@picket/plan/address-class';
import { parseTargets, type TargetError } from '@picket/plan/targets';
import { addressLimit, sweptPart, unboundedPart } from '@picket/plan/wide-range';

/** What a target list means so far, while it is typed. Names count when the platform has resolved them. */
export interface ReadTargets {
  readonly addresses: bigint;
  /** Those of them that count against the limit: whole IPv6 links are not asked one by one. */
  readonly counted: bigint;
  readonly names: readonly string[];
  readonly errors: readonly TargetError[];
  /** Public ranges, as text: they need a Manager's recorded word. */
  readonly publicRanges: readonly string[];
  readonly ranges: RangeSet;
}

/** Reads targets and exclusions with the planner itself: what is shown here is what would run. */
export function readTargets(text: string, exclude = ''): ReadTargets {
  const parsed = parseTargets(text);
  const excluded = parseTargets(exclude);
  const wanted = rangesOf(parsed.items);
  const ranges = subtract(wanted, rangesOf(excluded.items));
  const errors: TargetError[] = [...parsed.errors];
  const never = unscannablePart(ranges)[0];
  if (never)
    errors.push({
      item: formatRange(never),
      line: 0,
      message: `${formatRange(never)} can't be scanned: it is multicast, broadcast, reserved or unspecified. Leave it out.`,
    });
  return {
    addresses: countAddresses(ranges),
    counted: countAddresses([...sweptPart(ranges), ...unboundedPart(wanted)]),
    names: parsed.items.flatMap((item) => (item.kind === 'name' ? [item.name] : [])),
    errors,
    publicRanges: publicPart(ranges).map(formatRange),
    ranges,
  };
}

/** One job asks at most this many addresses one by one. */
export function tooMany(read: ReadTargets): boolean {
  return read.counted > addressLimit;
}

function rangesOf(items: ReturnType<typeof parseTargets>['items']): RangeSet {
  return rangeSet(items.flatMap((item) => (item.kind === 'range' ? [item.range] : [])));
}
