import { parseIp, parseRange } from '@picket/base/ip';
import type { NetworkPlan } from './network-plan.ts';
import { familyOf, networkRange } from './prefix.ts';

/** How packets to one target leave: what the kernel is configured to do, told from the plan. */
export interface ScanPath {
  readonly device: string;
  /** Null: the kernel chooses among advertised addresses. */
  readonly source: string | null;
  /** 802.1Q tag on the wire; 0: untagged. */
  readonly vlan: number;
  readonly gateway: string | null;
  readonly resolvers: readonly string[];
  readonly wins: readonly string[];
}

/** The longest prefix wins, as in the kernel; null: there is no route. Pure. */
export function scanPath(plan: NetworkPlan, target: string): ScanPath | null {
  const parsed = parseIp(target);
  if (!parsed.ok) return null;
  const { family, bits } = parsed.value;
  const { devices, routes } = plan.spaces.scan;
  const candidates = [
    ...devices.flatMap(({ device, addresses }) =>
      addresses.map((address) => ({ device, gateway: null, destination: address, source: address })),
    ),
    ...routes
      .filter((route) => route.table === 'main' && route.family === family)
      .map((route) => ({ ...route, source: null })),
  ].flatMap((each) => {
    const range = each.destination === 'default' ? null : rangeOf(each.destination);
    if (each.destination !== 'default' && (range === null || range.family !== family)) return [];
    const isInside = range === null || (range.first <= bits && bits <= range.last);
    return isInside ? [{ ...each, size: range === null ? 1n << 129n : range.last - range.first }] : [];
  });
  const [best] = candidates.sort((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : 0));
  if (best === undefined) return null;
  const device = devices.find((each) => each.device === best.device);
  const own = device?.addresses.map(hostOf).filter((address) => familyOf(address) === family) ?? [];
  const near = best.gateway === null ? null : device?.addresses.find((address) => isNear(address, best.gateway ?? ''));
  return {
    device: best.device,
    source: best.source === null ? (near ? hostOf(near) : (own[0] ?? null)) : hostOf(best.source),
    vlan: device?.vlan?.id ?? 0,
    gateway: best.gateway,
    resolvers: plan.resolvers.scan.servers,
    wins: plan.wins,
  };
}

function hostOf(address: string): string {
  return address.split('/')[0] ?? address;
}

function rangeOf(text: string): { family: 4 | 6; first: bigint; last: bigint } | null {
  const [host = '', length = ''] = text.split('/');
  const range = parseRange(text);
  return range.ok ? range.value : networkRange(host, Number(length));
}

function isNear(address: string, gateway: string): boolean {
  const range = rangeOf(address);
  const parsed = parseIp(gateway);
  return (
    parsed.ok &&
    range !== null &&
    range.family === parsed.value.family &&
    range.first <= parsed.value.bits &&
    parsed.value.bits <= range.last
  );
}
