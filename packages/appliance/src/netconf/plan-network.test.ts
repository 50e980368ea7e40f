import { emptyScanNetwork, type ScanNetwork } from '@picket/contracts/scan-network';
import { describe, expect, it } from 'vitest';
import { diffNetwork, firewallFingerprint } from './diff-network.ts';
import type { Observed, ObservedSpace, SpacePlan } from './kernel-state.ts';
import { type DhcpLease, type Learned, nothingLearned } from './learned.ts';
import type { NetworkPlan } from './network-plan.ts';
import { factorySettings, type NetworkSettings } from './network-settings.ts';
import { describeStep } from './network-step.ts';
import { planNetwork, type PlanInput } from './plan-network.ts';

const lease: DhcpLease = {
  address: '10.1.0.100',
  prefixLength: 24,
  gateway: '10.1.0.1',
  dns: ['10.1.0.53'],
  wins: ['10.1.0.5', '10.1.0.6'],
  netbiosNode: 8,
  domain: 'corp.example',
  search: [],
  routes: [{ destination: '10.99.0.0/16', gateway: '10.1.0.9' }],
  server: '10.1.0.1',
  seconds: 120,
  obtainedAt: '2026-01-01T00:00:00.000Z',
};
const staticLan = {
  method: 'static' as const,
  address: '10.1.0.7',
  prefixLength: 24,
  gateway: '10.1.0.1',
  dns: ['10.1.0.53', '10.1.0.54'],
  wins: ['10.1.0.5'],
  domain: 'corp.example',
};
const staticWan = {
  method: 'static' as const,
  address: '192.0.2.9',
  prefixLength: 28,
  gateway: '192.0.2.1',
  dns: ['192.0.2.2'],
};
const learned = (leases: Record<string, DhcpLease>): Learned => ({
  ...nothingLearned,
  leases: new Map(Object.entries(leases)),
});

function plan(settings: Partial<NetworkSettings>, change: Partial<PlanInput> = {}): NetworkPlan {
  return planNetwork({
    settings: { ...factorySettings, ...settings },
    scanNetwork: emptyScanNetwork,
    ports: { lan: 'eth0', wan: 'eth1' },
    managementUid: null,
    learned: nothingLearned,
    ...change,
  });
}

const emptySpace: ObservedSpace = { devices: [], routes: [], rules: [], sysctls: new Map(), firewall: null };
const bare = (device: string) => ({ device, mac: null, up: false, carrier: false, vlan: null, addresses: [] });
/** A machine as it comes up: both ports there, nothing set. */
const fresh: Observed = { scan: { ...emptySpace, devices: ['lo', 'eth0', 'eth1'].map(bare) }, management: null };

/** What a kernel would be after the plan was applied. */
function reached(of: NetworkPlan): Observed {
  const space = (spacePlan: SpacePlan): ObservedSpace => ({
    devices: [
      { ...bare('lo'), up: true },
      ...spacePlan.devices.map(({ device, up, vlan, addresses }) => ({
        ...bare(device),
        up,
        vlan,
        addresses: addresses.map((cidr) => ({
          cidr,
          family: cidr.includes(':') ? (6 as const) : (4 as const),
          scope: 'global',
          dynamic: false,
          tentative: false,
          duplicate: false,
        })),
      })),
    ],
    routes: spacePlan.routes,
    rules: spacePlan.rules,
    sysctls: spacePlan.sysctls,
    firewall: firewallFingerprint(spacePlan.firewall),
  });
  return { scan: space(of.spaces.scan), management: of.spaces.management && space(of.spaces.management) };
}

const words = (of: NetworkPlan, from: Observed) =>
  diffNetwork(of, from, 'eth1')
    .filter(({ kind }) => kind !== 'sysctl')
    .map(describeStep);

const scanNetwork: ScanNetwork = {
  generation: 3,
  vlans: [
    { id: 5, name: 'printers', ipv4: { method: 'static', address: '10.5.0.2', prefixLength: 24 }, ipv6: null },
    { id: 7, name: 'labs', ipv4: { method: 'dhcp' }, ipv6: { method: 'automatic' } },
  ],
  routes: [{ destination: '10.20.0.0/16', gateway: '10.5.0.1', vlan: 5 }],
  ipv6: null,
};

describe('the network plan', () => {
  it('asks for an address on LAN in the factory state, and closes it before it comes up', () => {
    const factory = plan({});
    expect(factory.clients).toEqual([{ key: 'lan', kind: 'dhcp4', space: 'scan', device: 'eth0' }]);
    expect(words(factory, fresh)).toEqual(['load the firewall of scan', 'set lo up', 'set eth0 up']);
  });

  it('puts a lease in force: address, gateway, routes, name servers, WINS and search domain', () => {
    const leased = plan({}, { learned: learned({ lan: lease }) });
    expect(words(leased, reached(plan({})))).toEqual([
      'add 10.1.0.100/24 on eth0',
      'add the route to default by 10.1.0.1 on eth0',
      'add the route to 10.99.0.0/16 by 10.1.0.9 on eth0',
    ]);
    expect(leased.wins).toEqual(['10.1.0.5', '10.1.0.6']);
    expect(leased.resolvers).toEqual({
      scan: { servers: ['10.1.0.53'], search: ['corp.example'] },
      management: { servers: ['10.1.0.53'], search: [] },
    });
  });

  it('goes from DHCP to a static address and back without keeping anything of the other', () => {
    const dhcp = plan({}, { learned: learned({ lan: lease }) });
    const fixed = plan({ lan: staticLan });
    expect(words(fixed, reached(dhcp))).toEqual([
      'load the firewall of scan',
      'remove the route to 10.99.0.0/16 by 10.1.0.9 on eth0',
      'remove 10.1.0.100/24 on eth0',
      'add 10.1.0.7/24 on eth0',
    ]);
    expect(fixed.clients).toEqual([]);
    expect(words(dhcp, reached(fixed))).toContain('remove 10.1.0.7/24 on eth0');
  });

  it('is reached: a second comparison finds nothing to do, in every mode', () => {
    const modes = [
      plan({}),
      plan({}, { learned: learned({ lan: lease }) }),
      plan({ lan: staticLan, wan: staticWan }),
      plan({ lan: staticLan, wan: { method: 'dhcp' } }),
      plan({ ipMode: 'ipv6-only' }),
      plan({ lan: staticLan, lanVlan: 9 }, { scanNetwork }),
      plan({ lan: staticLan }, { managementUid: 990, scanNetwork }),
    ];
    for (const [index, each] of modes.entries()) {
      expect(diffNetwork(each, reached(each), 'eth1')).toEqual([]);
      const next = modes[(index + 1) % modes.length] ?? each;
      const steps = diffNetwork(next, reached(each), 'eth1');
      expect(new Set(steps.map((step) => JSON.stringify(step))).size).toBe(steps.length);
    }
  });

  it('gives WAN a namespace under split network, closed before the port is in it, and takes it back', () => {
    const split = plan({ lan: staticLan, wan: staticWan });
    expect(words(split, fresh).slice(0, 4)).toEqual([
      'make the management namespace',
      'load the firewall of management',
      'move eth1 to management',
      'load the firewall of scan',
    ]);
    expect(split.spaces.scan.routes).toEqual([
      { destination: 'default', family: 4, gateway: '10.1.0.1', device: 'eth0', table: 'main' },
    ]);
    expect(split.spaces.management?.routes).toEqual([
      { destination: 'default', family: 4, gateway: '192.0.2.1', device: 'eth1', table: 'main' },
    ]);
    expect(split.resolvers.management).toEqual({ servers: ['192.0.2.2'], search: [] });
    expect(words(plan({ lan: staticLan }), reached(split))).toEqual([
      'move eth1 to scan',
      'remove the management namespace',
    ]);
  });

  it('gives WAN no address when its lease is in the subnet of LAN', () => {
    const clash = plan(
      { wan: { method: 'dhcp' } },
      { learned: learned({ lan: lease, wan: { ...lease, address: '10.1.0.130', prefixLength: 25 } }) },
    );
    expect(clash.spaces.management?.devices[0]?.addresses).toEqual([]);
    expect(clash.problems).toMatchObject([{ port: 'wan', code: 'same-subnet', refuse: false }]);
    expect(clash.clients.map(({ key }) => key)).toEqual(['lan', 'wan']);
  });

  it('gives a port no address that another machine has, and no way out by a gateway that can not be', () => {
    const taken = plan({ lan: staticLan }, { learned: { ...nothingLearned, conflicts: new Set(['10.1.0.7']) } });
    expect(taken.spaces.scan.devices[0]?.addresses).toEqual([]);
    expect(taken.problems).toMatchObject([{ port: 'lan', code: 'address-in-use' }]);
    const lost = plan({ lan: { ...staticLan, gateway: '10.2.0.1' } });
    expect(lost.spaces.scan.devices[0]?.addresses).toEqual(['10.1.0.7/24']);
    expect(lost.spaces.scan.routes).toEqual([]);
  });

  it('carries the default VLAN on LAN alone, and the platform adds to it', () => {
    const tagged = plan({ lan: staticLan, lanVlan: 9 }, { scanNetwork });
    expect(tagged.spaces.scan.devices.map(({ device, vlan, addresses }) => [device, vlan?.id ?? 0, addresses])).toEqual(
      [
        ['eth0', 0, []],
        ['vlan9', 9, ['10.1.0.7/24']],
        ['vlan5', 5, ['10.5.0.2/24']],
        ['vlan7', 7, []],
        ['eth1', 0, []],
      ],
    );
    expect(tagged.spaces.scan.routes).toContainEqual({
      destination: '10.20.0.0/16',
      family: 4,
      gateway: '10.5.0.1',
      device: 'vlan5',
      table: 'main',
    });
    expect(tagged.clients).toEqual([{ key: 'vlan7', kind: 'dhcp4', space: 'scan', device: 'vlan7' }]);
    const untagged = plan({ lan: staticLan });
    expect(words(untagged, reached(tagged))).toEqual([
      'load the firewall of scan',
      'remove the route to 10.20.0.0/16 by 10.5.0.1 on vlan5',
      'remove the route to default by 10.1.0.1 on vlan9',
      'remove vlan9',
      'remove vlan5',
      'remove vlan7',
      'add 10.1.0.7/24 on eth0',
      'add the route to default by 10.1.0.1 on eth0',
    ]);
  });

  it('lets no router in a VLAN change the way out', () => {
    const { sysctls } = plan({ lan: staticLan }, { scanNetwork }).spaces.scan;
    expect(sysctls.get('net/ipv6/conf/vlan7/accept_ra')).toBe('1');
    expect(sysctls.get('net/ipv6/conf/vlan7/accept_ra_defrtr')).toBe('0');
    expect(sysctls.get('net/ipv6/conf/eth0/disable_ipv6')).toBe('1');
  });

  it('adds IPv6 for scanning to LAN while management stays on IPv4', () => {
    const ipv6 = { method: 'static' as const, address: 'fd00::7', prefixLength: 64, gateway: 'fd00::1' };
    const both = plan({ lan: staticLan }, { scanNetwork: { ...emptyScanNetwork, ipv6 }, managementUid: 990 });
    expect(both.spaces.scan.devices[0]).toMatchObject({ addresses: ['10.1.0.7/24', 'fd00::7/64'], ipv6: 'static' });
    expect(both.spaces.scan.firewall).toContain('meta skuid 990 meta nfproto ipv6 counter drop');
    const table = both.spaces.scan.routes.filter((route) => route.table === 200);
    expect(table.map(({ destination }) => destination)).toEqual(['10.1.0.0/24', 'default']);
  });

  it('asks for DHCPv6 only where the router says that there is one', () => {
    const heard = { router: 'fe80::1', managed: true, other: true, dns: ['fd00::53'], search: [] };
    const only = (managed: boolean, other: boolean) =>
      plan(
        { ipMode: 'ipv6-only' },
        { learned: { ...nothingLearned, advertisements: new Map([['lan', { ...heard, managed, other }]]) } },
      ).clients.map(({ kind }) => kind);
    expect(only(true, true)).toEqual(['ra', 'dhcp6']);
    expect(only(false, true)).toEqual(['ra', 'dhcp6-facts']);
    expect(only(false, false)).toEqual(['ra']);
  });

  it('plans and compares 4094 VLANs with 4094 routes', () => {
    const vlans = Array.from({ length: 4094 }, (_, at) => ({
      id: at + 1,
      name: '',
      ipv4: { method: 'static' as const, address: `10.${(at + 1) >> 8}.${(at + 1) & 255}.2`, prefixLength: 24 },
      ipv6: null,
    }));
    const routes = vlans.map(({ id }) => ({
      destination: `172.${16 + (id >> 8)}.${id & 255}.0/24`,
      gateway: `10.${id >> 8}.${id & 255}.1`,
      vlan: id,
    }));
    const full = plan(
      { lan: { ...staticLan, address: '192.168.0.2', gateway: '192.168.0.1' } },
      { scanNetwork: { generation: 1, vlans, routes, ipv6: null } },
    );
    const kinds = diffNetwork(full, fresh, 'eth1').map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'add-vlan')).toHaveLength(4094);
    expect(kinds.filter((kind) => kind === 'add-route')).toHaveLength(4095);
    expect(diffNetwork(full, reached(full), 'eth1')).toEqual([]);
  });
});
