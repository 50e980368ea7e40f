import { familyBits, formatIp, formatRange, type IpRange } from '@picket/base/ip';
import { type RangeSet, subtract } from '@picket/base/range-set';

/** A fault of one field of a request. */
export interface PlanFault {
  readonly field: string;
  readonly item?: string;
  readonly message: string;
}

/** What a job's network allows. */
export interface NetworkLimits {
  readonly name: string;
  readonly ranges: RangeSet;
  /** What of the address space the caller sees; null: all of it. */
  readonly visible: RangeSet | null;
  /** A Manager recorded that its public ranges may be scanned. */
  readonly authorized: boolean;
}

/** Ranges that one fault names at most. */
const namedRanges = 5;

/** Faults of targets that the network does not cover, or that nobody authorized. Empty: all is well. */
export function targetFaults(ranges: RangeSet, publicRanges: RangeSet, network: NetworkLimits): readonly PlanFault[] {
  const unseen = network.visible === null ? [] : subtract(ranges, network.visible);
  if (unseen.length > 0) {
    return unseen.slice(0, namedRanges).map((range, index) => ({
      field: 'targets',
      item: shortRange(range),
      message: `${shortRange(range)} is not in your asset groups.${more(unseen.length, index)}`,
    }));
  }
  const outside = subtract(ranges, network.ranges);
  if (outside.length > 0) {
    return outside.slice(0, namedRanges).map((range, index) => ({
      field: 'targets',
      item: formatRange(range),
      message: `${formatRange(range)} is not in the registered ranges of the network ${network.name}.${more(outside.length, index)}`,
    }));
  }
  if (publicRanges.length > 0 && !network.authorized) {
    const [first] = publicRanges;
    const item = first ? formatRange(first) : '';
    const message = `${item} is a public address, and no Manager has recorded that the network ${network.name} may be scanned.`;
    return [{ field: 'targets', item, message }];
  }
  return [];
}

/** Targets of IPv6, where the subscription has it switched off: no appliance has an address to scan them from. */
export function ipv6Faults(ranges: RangeSet): readonly PlanFault[] {
  const off = ranges.filter(({ family }) => family === 6);
  return off.slice(0, namedRanges).map((range, index) => ({
    field: 'targets',
    item: formatRange(range),
    message: `${formatRange(range)} is IPv6, which is switched off for this subscription.${more(off.length, index)}`,
  }));
}

/** As a prefix where it is one. */
function shortRange(range: IpRange): string {
  const size = range.last - range.first + 1n;
  const hostBits = size.toString(2).length - 1;
  const whole = size === 1n << BigInt(hostBits) && range.first % size === 0n && hostBits > 0;
  if (!whole) return formatRange(range);
  return `${formatIp({ family: range.family, bits: range.first })}/${familyBits(range.family) - hostBits}`;
}

function more(count: number, index: number): string {
  return index === namedRanges - 1 && count > namedRanges ? ` (${count - namedRanges} more are not either.)` : '';
}
