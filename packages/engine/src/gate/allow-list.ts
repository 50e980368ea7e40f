import { cidrRange, type IpRange, parseIp, parseRange } from '@picket/base/ip';
import { type RangeSet, rangeSet } from '@picket/base/range-set';
import { err, ok, type Result } from '@picket/base/result';

/**
 * Reads an allow-list: one address, prefix (`10.0.0.0/8`) or range (`10.0.0.1-10.0.0.9`) a line, `#` starts a comment.
 * One fault refuses the whole list, for half a list is not what its author meant. An empty list allows nothing.
 */
export function parseAllowList(text: string): Result<RangeSet, string> {
  const ranges: IpRange[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const item = (line.split('#')[0] ?? '').trim();
    if (item === '') continue;
    const range = parseItem(item);
    if (!range.ok) {
      return err(`line ${index + 1}: "${item.slice(0, 60)}" is not an address, a prefix or a range: ${range.error}`);
    }
    ranges.push(range.value);
  }
  return ok(rangeSet(ranges));
}

function parseItem(item: string): Result<IpRange, string> {
  const range = parseRange(item);
  if (!range.ok) return err(range.error.reason);
  const slash = item.indexOf('/');
  if (slash < 0) return range;
  const address = parseIp(item.slice(0, slash));
  if (address.ok && cidrRange(address.value, Number(item.slice(slash + 1))).first !== address.value.bits) {
    return err('it has bits set beyond its prefix length');
  }
  return range;
}
