import { formatRange, type IpRange } from '@picket/base/ip';
import { countAddresses, covers, intersect, type RangeSet, rangeSet } from '@picket/base/range-set';
import { publicPart, unscannablePart } from '@picket/plan/address-class';
import { parseTargets } from '@picket/plan/targets';
import type { FieldFault } from '../../server/http-error.ts';

/** A network's address space as it is stored: canonical, merged, in order. */
export interface NetworkRanges {
  readonly ranges: RangeSet;
  readonly exclusions: RangeSet;
  /** Part of the ranges that belongs to the public Internet. */
  readonly publicRanges: RangeSet;
}

/** Most ranges that a message names. */
const named = 5;

/** Reads what a person typed. All faults at once; the ranges are whole only when there is none. */
export function readNetworkRanges(
  rangesText: string,
  exclusionsText: string,
): { readonly value: NetworkRanges; readonly faults: readonly FieldFault[] } {
  const faults: FieldFault[] = [];
  const ranges = readSet('ranges', rangesText, faults);
  const exclusions = readSet('exclusions', exclusionsText, faults);
  if (ranges.length === 0 && faults.length === 0) {
    faults.push({ field: 'ranges', message: 'holds no address. Write at least one address, prefix or range.' });
  }
  const impossible = unscannablePart(ranges);
  if (impossible.length > 0) {
    const message = `holds addresses that no host can have (multicast, broadcast, unspecified): ${nameRanges(impossible)}. Leave them out.`;
    faults.push({ field: 'ranges', message });
  }
  if (ranges.length > 0 && covers(exclusions, ranges)) {
    faults.push({ field: 'exclusions', message: 'take away every address of the network. Shorten them.' });
  }
  return { value: { ranges, exclusions: intersect(exclusions, ranges), publicRanges: publicPart(ranges) }, faults };
}

function readSet(field: 'ranges' | 'exclusions', text: string, faults: FieldFault[]): RangeSet {
  const { items, errors } = parseTargets(text);
  for (const { item, line, message } of errors) faults.push({ field, item, message: `Line ${line}: ${message}` });
  const ranges: IpRange[] = [];
  for (const item of items) {
    if (item.kind === 'range') ranges.push(item.range);
    else {
      const message = `"${item.text.slice(0, 60)}" is a name. A network holds addresses; names can be scanned when they resolve into it.`;
      faults.push({ field, item: item.text.slice(0, 80), message });
    }
  }
  return rangeSet(ranges);
}

/** The first ranges as text, with the number of the others. */
export function nameRanges(set: RangeSet): string {
  const texts = set.slice(0, named).map(formatRange);
  const more = set.length - texts.length;
  return more > 0 ? `${texts.join(', ')} and ${more} more` : texts.join(', ');
}

/** Addresses that can be scanned, decimal text. */
export function addressCount(ranges: RangeSet, exclusions: RangeSet): string {
  return (countAddresses(ranges) - countAddresses(intersect(exclusions, ranges))).toString();
}
