import { type IpAddress, parseIp } from '@picket/base/ip';

/** Orders of a map's parts: total, and the same wherever the map is made. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** IPv4 first, then by number. */
export function compareAddresses(a: IpAddress, b: IpAddress): number {
  return a.family - b.family || (a.bits < b.bits ? -1 : a.bits > b.bits ? 1 : 0);
}

/** Records by the address that they carry as text. */
export function byAddress(a: { readonly address: string }, b: { readonly address: string }): number {
  const [left, right] = [parseIp(a.address), parseIp(b.address)];
  return left.ok && right.ok ? compareAddresses(left.value, right.value) : compareTexts(a.address, b.address);
}

/** Records by port, then by transport. */
export function byPort(a: { port: number; protocol: string }, b: { port: number; protocol: string }): number {
  return a.port - b.port || compareTexts(a.protocol, b.protocol);
}
