import { formatIp, type IpRange, parseIp } from '@picket/base/ip';
import { type RangeSet, rangeSet } from '@picket/base/range-set';
import { parseTargets } from '@picket/plan/targets';
import type { FieldFault } from '../../server/http-error.ts';

/** Names that one exclusion holds at most: each plan asks for all of them. */
const mostNames = 100;

/** What a person typed, before its names are resolved. */
export interface WrittenExclusion {
  readonly ranges: readonly IpRange[];
  readonly names: readonly string[];
  readonly faults: readonly FieldFault[];
}

/** Reads the targets of an exclusion; all faults at once. */
export function readExclusion(text: string): WrittenExclusion {
  const { items, errors } = parseTargets(text);
  const faults: FieldFault[] = errors.map(({ item, line, message }) => ({
    field: 'targets',
    item,
    message: `Line ${line}: ${message}`,
  }));
  const ranges = items.flatMap((item) => (item.kind === 'range' ? [item.range] : []));
  const names = [...new Set(items.flatMap((item) => (item.kind === 'name' ? [item.name] : [])))];
  if (items.length === 0 && faults.length === 0)
    faults.push({ field: 'targets', message: 'holds no address. Write at least one address, prefix, range or name.' });
  if (names.length > mostNames) {
    const message = `holds ${names.length} names; one exclusion takes at most ${mostNames}. Write their ranges.`;
    faults.push({ field: 'targets', message });
  }
  return { ranges, names, faults };
}

/** A name with its addresses, canonical. */
export interface ExcludedName {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** The names with what they resolved to. One that did not resolve is a fault: it would exclude nothing. */
export function pinNames(
  names: readonly string[],
  resolved: ReadonlyMap<string, readonly string[]>,
): { readonly names: readonly ExcludedName[]; readonly ranges: RangeSet; readonly faults: readonly FieldFault[] } {
  const faults: FieldFault[] = [];
  const ranges: IpRange[] = [];
  const pinned = names.flatMap((name) => {
    const found = (resolved.get(name) ?? []).flatMap((text) => {
      const address = parseIp(text);
      return address.ok ? [address.value] : [];
    });
    if (found.length > 0) {
      for (const { family, bits } of found) ranges.push({ family, first: bits, last: bits });
      return [{ name, addresses: found.map(formatIp) }];
    }
    const message = `"${name}" does not resolve to an address, so that it would exclude nothing. Write the address.`;
    faults.push({ field: 'targets', item: name, message });
    return [];
  });
  return { names: pinned, ranges: rangeSet(ranges), faults };
}
