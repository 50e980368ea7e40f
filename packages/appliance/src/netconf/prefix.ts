import { cidrRange, familyBits, formatIp, type IpRange, parseIp } from '@picket/base/ip';

/** An address of either family with the length of its network part, as the kernel writes it: `10.0.0.7/24`. */
export function cidr(address: string, prefixLength: number): string {
  return `${address}/${prefixLength}`;
}

/** The addresses of the network that `address` is in; null when the two do not fit together. */
export function networkRange(address: string, prefixLength: number): IpRange | null {
  const parsed = parseIp(address);
  if (!parsed.ok || prefixLength > familyBits(parsed.value.family)) return null;
  return cidrRange(parsed.value, prefixLength);
}

/** `10.0.0.0/24` of `10.0.0.7` and 24. */
export function networkPrefix(address: string, prefixLength: number): string {
  const range = networkRange(address, prefixLength);
  return range === null
    ? cidr(address, prefixLength)
    : cidr(formatIp({ family: range.family, bits: range.first }), prefixLength);
}

export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** Whether the two ranges share an address. */
export function overlaps(a: IpRange, b: IpRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Whether `address` is in `range`. */
export function isIn(address: string, range: IpRange): boolean {
  const parsed = parseIp(address);
  if (!parsed.ok || parsed.value.family !== range.family) return false;
  return range.first <= parsed.value.bits && parsed.value.bits <= range.last;
}
