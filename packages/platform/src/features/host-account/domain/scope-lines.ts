import type { IpAddress } from '@picket/base/ip';
import { contains, type RangeSet } from '@picket/base/range-set';
import type { scopeLine } from '@picket/contracts/api/host-account';
import { parseTargets } from '@picket/plan/targets';
import type { z } from 'zod';

export type ScopeLine = z.output<typeof scopeLine>;

/** Lines of one kind that are named at most. */
const namedLines = 5;

/** Addresses of the names of a list, by name. */
export type PinnedNames = ReadonlyMap<string, RangeSet>;

/** The lines of a target list that hold an address, with what stands there. */
export function linesWith(
  text: string,
  address: IpAddress,
  of: { readonly source: 'targets' | 'exclude'; readonly names: PinnedNames },
): readonly ScopeLine[] {
  const found: ScopeLine[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    for (const item of parseTargets(line).items) {
      const ranges = item.kind === 'range' ? [item.range] : (of.names.get(item.name) ?? []);
      if (!contains(ranges, address)) continue;
      found.push({
        source: item.kind === 'name' && of.source === 'targets' ? 'name' : of.source,
        effect: of.source === 'targets' ? 'includes' : 'excludes',
        text: item.text.slice(0, 80),
        line: index + 1,
      });
      if (found.length === namedLines) return found;
    }
  }
  return found;
}
