import { parseIp, parseRange } from '@picket/base/ip';
import type { ScanPath } from './network-description.ts';
import type { NetworkPlan } from './network-plan.ts';
import { familyOf, networkRange } from './prefix.ts';

/**
 * The longest prefix wins, as in the kernel; null: there is no route. What the kernel takes from router advertisements is not in the plan: beyond
 * the networks that are, IPv6 leaves by the interface that listens to them. Pure.
 */
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
  if (best === undefined) return family === 6 ? advertisedPath(plan) : null;
  const device = devices.find((each) => each.device === best.device);
  const own = device?.addresses.map(hostOf).filter((address) => familyOf(address) === family) ?? [];
  const near = best.gateway === null ? null : device?.addresses.find((address) => isNear(address, best.gateway ?? ''));
  return {
    device: best.device,
    source: best.source === null ? (near ? hostOf(near) : (own[0] ?? null)) : hostOf(best.source),
    vlan: device?.vlan?.id ?? 0,
    gateway: best.gateway,
    ...names(plan),
  };
}

/** Management's own network carries the default route of advertisements (see `sysctls` of the plan). */
function advertisedPath(plan: NetworkPlan): ScanPath | null {
  const { lan } = plan.ports;
  const device = plan.spaces.scan.devices.find((each) => each.device === lan.device);
  if (device?.ipv6 !== 'automatic') return null;
  const gateway = lan.family === 6 ? lan.gateway : null;
  return { device: device.device, source: null, vlan: device.vlan?.id ?? 0, gateway, ...names(plan) };
}

function names({ resolvers, wins }: NetworkPlan): Pick<ScanPath, 'resolvers' | 'wins'> {
  return { resolvers: [...resolvers.scan.servers], wins: [...wins] };
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
