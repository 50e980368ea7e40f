import { cidrRange, type IpRange, parseIp } from '@picket/base/ip';
import type { ConsoleState } from '../machine/console-state.ts';

/** Whether `address`/`prefix` of one port lies in a network of the other one, as configured or as it is now. */
export function sharesSubnet(state: ConsoleState, other: 'lan' | 'wan', address: string, prefix: number): boolean {
  const mine = network(address, prefix);
  if (mine === null) return false;
  return networksOf(state, other).some(
    (theirs) => theirs.family === mine.family && theirs.first <= mine.last && mine.first <= theirs.last,
  );
}

function networksOf(state: ConsoleState, port: 'lan' | 'wan'): IpRange[] {
  const configured = state.settings?.[port];
  if (configured?.method === 'static') return present(network(configured.address, configured.prefixLength));
  if (!configured) return [];
  const now = state.status?.ports.find((each) => each.port === port)?.addresses ?? [];
  return now.flatMap((text) => {
    const [address, prefix] = text.split('/');
    return present(network(address ?? '', Number(prefix)));
  });
}

function network(address: string, prefix: number): IpRange | null {
  const parsed = parseIp(address);
  // Zeros are no network, and link-local networks are the same on every port.
  if (!parsed.ok || parsed.value.bits === 0n || /^fe80:/i.test(address) || !Number.isInteger(prefix)) return null;
  return cidrRange(parsed.value, prefix);
}

function present<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}
