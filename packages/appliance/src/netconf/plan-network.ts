import type { ScanNetwork } from '@picket/contracts/scan-network';
import {
  type DevicePlan,
  managementTable,
  type Route,
  type Rule,
  rulePriority,
  type SpacePlan,
} from './kernel-state.ts';
import type { Learned } from './learned.ts';
import type { ClientPlan, NetworkPlan } from './network-plan.ts';
import type { LinkMode, NetworkSettings } from './network-settings.ts';
import { planFirewall } from './plan-firewall.ts';
import { onLink, type OwnNetwork, planOwnNetwork } from './plan-port.ts';
import { planScanNetwork, type ScanParts, vlanDevice } from './plan-scan-network.ts';
import { familyOf } from './prefix.ts';
import { sameSubnet, settingsProblems } from './settings-problems.ts';

export interface PlanInput {
  readonly settings: NetworkSettings;
  readonly scanNetwork: ScanNetwork;
  /** Interfaces of the ports; WAN null where the machine has none. */
  readonly ports: { readonly lan: string; readonly wan: string | null };
  readonly managementUid: number | null;
  readonly learned: Learned;
}

/** From what was set and what the network told to what the kernel shall be. Pure; the same input gives the same plan. */
export function planNetwork(input: PlanInput): NetworkPlan {
  const { settings, ports, learned } = input;
  const typed = settingsProblems(settings);
  const split = settings.wan !== null && ports.wan !== null;
  const lanDevice = settings.lanVlan === 0 ? ports.lan : vlanDevice(settings.lanVlan);
  const shared = { ipMode: settings.ipMode, learned, problems: typed };
  const lan = planOwnNetwork({ ...shared, key: 'lan', settings: settings.lan, device: lanDevice, space: 'scan' });
  const wanAsked =
    settings.wan === null || ports.wan === null
      ? null
      : planOwnNetwork({ ...shared, key: 'wan', settings: settings.wan, device: ports.wan, space: 'management' });
  const clash = wanAsked?.placed && lan.placed ? sameSubnet(lan.placed, wanAsked.placed, false) : [];
  const wan = wanAsked !== null && clash.length > 0 ? withoutAddress(wanAsked) : wanAsked;
  const scan = planScanNetwork(input.scanNetwork, { lan, port: ports.lan, lanVlan: settings.lanVlan, learned });
  const management = wan ?? lan;
  return {
    split,
    spaces: {
      scan: scanSpace(input, lan, scan, split),
      management: wan === null ? null : managementSpace(wan, settings.links.wan),
    },
    resolvers: {
      scan: { servers: [...new Set([...lan.port.dns, ...scan.dns])], search: lan.search },
      management: { servers: management.port.dns, search: [] },
    },
    clients: [...lan.clients, ...(wan?.clients ?? []), ...scan.clients],
    wins: [...new Set([...lan.wins, ...scan.wins])],
    problems: [
      ...typed,
      ...lan.problems,
      ...(wan?.problems ?? []),
      ...clash.filter(() => typed.every(({ code }) => code !== 'same-subnet')),
    ],
    ports: { lan: lan.port, wan: wan?.port ?? null },
  };
}

/** Its client stays: another lease may do. */
function withoutAddress(wan: OwnNetwork): OwnNetwork {
  return { ...wan, addresses: [], placed: null, routes: [], port: { ...wan.port, gateway: null } };
}

function scanSpace(input: PlanInput, lan: OwnNetwork, scan: ScanParts, split: boolean): SpacePlan {
  const { settings, ports, managementUid } = input;
  const unused = ports.wan === null || split ? [] : [port(ports.wan, null, false)];
  const own: DevicePlan = {
    ...port(ports.lan, settings.links.lan, true),
    ...(settings.lanVlan === 0 ? ownAddresses(lan, scan) : {}),
  };
  const devices = [own, ...vlanDevices(settings.lanVlan, ports.lan, lan, scan), ...unused];
  const family = lan.port.family;
  const bound = managementUid === null || split ? null : { uid: managementUid, device: lan.port.device, family };
  return {
    devices,
    routes: onePerDestination([...scan.routes, ...ownRoutes(lan), ...(bound === null ? [] : boundRoutes(lan))]),
    rules: bound === null ? [] : boundRules(bound.uid),
    sysctls: sysctls(devices, lan.port.device),
    firewall: planFirewall({
      dhcp: hasClient([...lan.clients, ...scan.clients], 'dhcp4'),
      dhcp6: hasClient([...lan.clients, ...scan.clients], 'dhcp6') || hasClient(lan.clients, 'dhcp6-facts'),
      scans: true,
      management: bound,
    }),
  };
}

function managementSpace(wan: OwnNetwork, mode: LinkMode): SpacePlan {
  const devices = [{ ...port(wan.port.device, mode, true), addresses: wan.addresses, ipv6: wan.ipv6 }];
  return {
    devices,
    routes: ownRoutes(wan),
    rules: [],
    sysctls: sysctls(devices, wan.port.device),
    firewall: planFirewall({
      dhcp: hasClient(wan.clients, 'dhcp4'),
      dhcp6: hasClient(wan.clients, 'dhcp6') || hasClient(wan.clients, 'dhcp6-facts'),
      scans: false,
      management: null,
    }),
  };
}

function port(device: string, mode: LinkMode | null, up: boolean): DevicePlan {
  return { device, up, vlan: null, addresses: [], ipv6: 'off', mode };
}

/** LAN's own addresses and those for scanning by IPv6, on whichever interface carries LAN's own network. */
function ownAddresses(lan: OwnNetwork, scan: ScanParts): Pick<DevicePlan, 'addresses' | 'ipv6'> {
  const ipv6 =
    lan.ipv6 === 'automatic' || scan.lan.ipv6 === 'automatic'
      ? 'automatic'
      : lan.ipv6 === 'off'
        ? scan.lan.ipv6
        : lan.ipv6;
  return { addresses: [...lan.addresses, ...scan.lan.addresses], ipv6 };
}

function vlanDevices(lanVlan: number, parent: string, lan: OwnNetwork, scan: ScanParts): DevicePlan[] {
  if (lanVlan === 0) return [...scan.vlans];
  const same = scan.vlans.find(({ vlan }) => vlan?.id === lanVlan);
  const own = ownAddresses(lan, scan);
  const merged: DevicePlan = {
    device: vlanDevice(lanVlan),
    up: true,
    vlan: { id: lanVlan, parent },
    addresses: [...own.addresses, ...(same?.addresses ?? [])],
    ipv6: own.ipv6 === 'off' ? (same?.ipv6 ?? 'off') : own.ipv6,
    mode: null,
  };
  return [merged, ...scan.vlans.filter((each) => each !== same)];
}

function ownRoutes(own: OwnNetwork): Route[] {
  const { device, gateway, family, method } = own.port;
  const table = 'main' as const;
  const routes: Route[] = own.routes.map(({ destination, gateway: via }) => ({
    destination,
    family: 4,
    gateway: via,
    device,
    table,
  }));
  // The kernel itself takes the default route from router advertisements, and drops it with their lifetime.
  if (gateway !== null && !(family === 6 && method === 'dhcp'))
    routes.unshift({ destination: 'default', family, gateway, device, table });
  return routes;
}

/** The daemon's own table: LAN's network and its gateway, none of the platform's routes. */
function boundRoutes(lan: OwnNetwork): Route[] {
  const { device, gateway, family } = lan.port;
  const shared = { family, device, table: managementTable } as const;
  const local = lan.addresses.filter((address) => familyOf(address) === family);
  return [
    ...local.map((address): Route => ({ ...shared, destination: onLink(address), gateway: null })),
    ...(gateway === null ? [] : [{ ...shared, destination: 'default', gateway }]),
  ];
}

/** What the platform set for a destination goes before what LAN's own network says of it. */
function onePerDestination(routes: readonly Route[]): Route[] {
  const first = new Map<string, Route>();
  for (const route of routes) {
    const key = `${route.table} ${route.family} ${route.destination}`;
    if (!first.has(key)) first.set(key, route);
  }
  return [...first.values()];
}

function boundRules(uid: number): Rule[] {
  return ([4, 6] as const).flatMap((family) => [
    { family, priority: rulePriority.table, uid, action: managementTable },
    { family, priority: rulePriority.unreachable, uid, action: 'unreachable' as const },
  ]);
}

function hasClient(clients: readonly ClientPlan[], kind: ClientPlan['kind']): boolean {
  return clients.some((client) => client.kind === kind);
}

/**
 * Nothing is routed, redirected or advertised into the MTU; an address is answered for on its own interface only, so that no VLAN learns of
 * another's. New interfaces begin without IPv6.
 */
function sysctls(devices: readonly DevicePlan[], own: string): Map<string, string> {
  const values = new Map([
    ['net/ipv4/ip_forward', '0'],
    ['net/ipv4/conf/all/arp_ignore', '1'],
    ['net/ipv4/conf/all/arp_announce', '2'],
    ['net/ipv4/conf/all/accept_redirects', '0'],
    ['net/ipv4/conf/all/promote_secondaries', '1'],
    ['net/ipv6/conf/all/forwarding', '0'],
    ['net/ipv6/conf/default/disable_ipv6', '1'],
    ['net/ipv6/conf/default/accept_ra', '0'],
  ]);
  for (const { device, ipv6, vlan } of devices) {
    // VLAN interfaces are born with the defaults.
    if (ipv6 === 'off' && vlan !== null) continue;
    const at = (key: string) => `net/ipv6/conf/${device}/${key}`;
    values.set(at('disable_ipv6'), ipv6 === 'off' ? '1' : '0');
    values.set(at('accept_ra'), ipv6 === 'automatic' ? '1' : '0');
    if (ipv6 === 'off') continue;
    values.set(at('autoconf'), ipv6 === 'automatic' ? '1' : '0');
    // The way out is that of LAN's (or WAN's) own network; a router in a VLAN does not get to change it.
    values.set(at('accept_ra_defrtr'), device === own ? '1' : '0');
    values.set(at('accept_ra_mtu'), '0');
    values.set(at('use_tempaddr'), '0');
    values.set(at('accept_redirects'), '0');
  }
  return values;
}
