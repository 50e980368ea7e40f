import type { ScanNetwork, ScanVlan } from '@picket/contracts/scan-network';
import type { DevicePlan, Route } from './kernel-state.ts';
import type { Learned } from './learned.ts';
import type { ClientPlan } from './network-plan.ts';
import { advertisedClients, type OwnNetwork } from './plan-port.ts';
import { cidr, familyOf } from './prefix.ts';

/** What the platform's document adds to the scanning namespace. */
export interface ScanParts {
  readonly vlans: readonly DevicePlan[];
  /** IPv6 for scanning on LAN's own network. */
  readonly lan: Pick<DevicePlan, 'addresses' | 'ipv6'>;
  readonly routes: readonly Route[];
  readonly clients: readonly ClientPlan[];
  readonly dns: readonly string[];
  readonly wins: readonly string[];
}

export interface ScanNetworkContext {
  readonly lan: OwnNetwork;
  /** The interface under all VLANs. */
  readonly port: string;
  readonly lanVlan: number;
  readonly learned: Learned;
}

/** Name of the interface of a VLAN, at most eight characters whatever the port is called. */
export function vlanDevice(id: number): string {
  return `vlan${id}`;
}

/** VLANs, routes and IPv6 from the platform. Pure. */
export function planScanNetwork(document: ScanNetwork, context: ScanNetworkContext): ScanParts {
  const { lan, learned } = context;
  const vlans = document.vlans.map((vlan) => planVlan(vlan, context));
  const leases = document.vlans.flatMap(({ id }) => learned.leases.get(vlanDevice(id)) ?? []);
  const { ipv6 } = document;
  const fixed = ipv6?.method === 'static' ? [cidr(ipv6.address, ipv6.prefixLength)] : [];
  const routes = document.routes.map(
    ({ destination, gateway, vlan }): Route => ({
      destination: destination.endsWith('/0') ? 'default' : destination,
      family: familyOf(destination),
      gateway,
      device: vlan === null ? lan.port.device : vlanDevice(vlan),
      table: 'main',
    }),
  );
  if (ipv6?.method === 'static' && ipv6.gateway !== null && lan.port.family === 4)
    routes.unshift({
      destination: 'default',
      family: 6,
      gateway: ipv6.gateway,
      device: lan.port.device,
      table: 'main',
    });
  return {
    vlans: vlans.map(({ device }) => device),
    lan: { addresses: fixed, ipv6: ipv6 === null ? 'off' : ipv6.method },
    routes: [...routes, ...vlans.flatMap(({ routes: own }) => own)],
    clients: [
      ...(ipv6?.method === 'automatic' && lan.port.family === 4
        ? advertisedClients('lan', 'scan', lan.port.device, learned.advertisements.get('lan'))
        : []),
      ...vlans.flatMap(({ clients }) => clients),
    ],
    dns: leases.flatMap(({ dns }) => dns).slice(0, 8),
    wins: leases.flatMap(({ wins }) => wins).slice(0, 8),
  };
}

interface VlanParts {
  readonly device: DevicePlan;
  readonly clients: readonly ClientPlan[];
  readonly routes: readonly Route[];
}

function planVlan(vlan: ScanVlan, { learned, port, lanVlan }: ScanNetworkContext): VlanParts {
  const device = vlanDevice(vlan.id);
  const addresses: string[] = [];
  const clients: ClientPlan[] = [];
  const routes: Route[] = [];
  if (vlan.ipv4?.method === 'static') addresses.push(cidr(vlan.ipv4.address, vlan.ipv4.prefixLength));
  // One VLAN that is also LAN's own is asked for one address.
  if (vlan.ipv4?.method === 'dhcp' && vlan.id !== lanVlan) {
    clients.push({ key: device, kind: 'dhcp4', space: 'scan', device });
    const lease = learned.leases.get(device);
    if (lease !== undefined) {
      addresses.push(cidr(lease.address, lease.prefixLength));
      for (const { destination, gateway } of lease.routes)
        routes.push({ destination, family: 4, gateway, device, table: 'main' });
    }
  }
  if (vlan.ipv6?.method === 'static') addresses.push(cidr(vlan.ipv6.address, vlan.ipv6.prefixLength));
  const ipv6 = vlan.ipv6 === null ? 'off' : vlan.ipv6.method;
  return {
    device: { device, up: true, vlan: { id: vlan.id, parent: port }, addresses, ipv6, mode: null },
    clients,
    routes,
  };
}
