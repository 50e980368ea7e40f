import { type RangeSet, rangeSet } from '@picket/base/range-set';
import { parseTargets } from '@picket/plan/targets';
import type { FieldFault } from '../server/http-error.ts';

/** Addresses that a person typed where names make no sense, with every fault. */
export function rangesOf(text: string): {
  readonly ranges: RangeSet;
  readonly faults: readonly Omit<FieldFault, 'field'>[];
} {
  const { items, errors } = parseTargets(text);
  const faults: Omit<FieldFault, 'field'>[] = errors.map(({ item, line, message }) => ({
    item,
    message: `Line ${line}: ${message}`,
  }));
  for (const item of items) {
    if (item.kind === 'name')
      faults.push({ item: item.text.slice(0, 80), message: `"${item.text.slice(0, 60)}" is a name. Write addresses.` });
  }
  return { ranges: rangeSet(items.flatMap((item) => (item.kind === 'range' ? [item.range] : []))), faults };
}
