import type { IpRange } from '@picket/base/ip';
import { covers, intersect, type RangeSet, rangeSet } from '@picket/base/range-set';
import { parseTargets } from '@picket/plan/targets';
import type { FieldFault } from '../../server/http-error.ts';

/** Reads what a person typed for one network of a group, and puts all faults into `faults`. `path`: where in the request. */
export function readGroupRanges(
  text: { readonly ranges: string; readonly exclusions: string },
  path: string,
  faults: FieldFault[],
): { readonly ranges: RangeSet; readonly exclusions: RangeSet } {
  const before = faults.length;
  const ranges = readSet(`${path}.ranges`, text.ranges, faults);
  const exclusions = readSet(`${path}.exclusions`, text.exclusions, faults);
  const wrong = (field: string, message: string) => faults.push({ field: `${path}.${field}`, message });
  if (faults.length === before && ranges.length === 0) {
    wrong('ranges', 'holds no address. Write at least one address, prefix or range, or leave the network out.');
  } else if (ranges.length > 0 && covers(exclusions, ranges)) {
    wrong('exclusions', 'take away every address of the group. Shorten them.');
  }
  return { ranges, exclusions: intersect(exclusions, ranges) };
}

function readSet(field: string, text: string, faults: FieldFault[]): RangeSet {
  const { items, errors } = parseTargets(text);
  for (const { item, line, message } of errors) faults.push({ field, item, message: `Line ${line}: ${message}` });
  const ranges: IpRange[] = [];
  for (const item of items) {
    if (item.kind === 'range') ranges.push(item.range);
    else {
      const message = `"${item.text.slice(0, 60)}" is a name. An asset group holds addresses.`;
      faults.push({ field, item: item.text.slice(0, 80), message });
    }
  }
  return rangeSet(ranges);
}
