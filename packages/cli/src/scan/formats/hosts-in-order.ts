import { parseIp } from '@picket/base/ip';
import type { HostResult, ScanResult } from '../scan-result.ts';

/** The hosts of a result by address, IPv4 first; they were found in the order in which they answered. */
export function hostsInOrder(result: ScanResult): HostResult[] {
  const keyed = [...result.hosts.values()].map((host) => ({ host, address: parseIp(host.address) }));
  keyed.sort((a, b) => {
    if (!a.address.ok || !b.address.ok) return 0;
    const [left, right] = [a.address.value, b.address.value];
    if (left.family !== right.family) return left.family - right.family;
    return left.bits < right.bits ? -1 : left.bits > right.bits ? 1 : 0;
  });
  return keyed.map(({ host }) => host);
}
