import type { Learned } from './learned.ts';
import type { ClientPlan, PortPlan } from './network-plan.ts';
import type { LanSettings, NetworkSettings, WanSettings } from './network-settings.ts';
import { cidr, networkPrefix } from './prefix.ts';
import { problem, type SettingsProblem, spoilsAddress } from './settings-problems.ts';

/** What one port's own network comes to, before it is written into a namespace's plan. */
export interface OwnNetwork {
  readonly port: PortPlan;
  readonly addresses: readonly string[];
  /** For the check that LAN and WAN are apart. */
  readonly placed: { readonly address: string; readonly prefixLength: number } | null;
  readonly ipv6: 'off' | 'static' | 'automatic';
  readonly clients: readonly ClientPlan[];
  readonly routes: readonly { readonly destination: string; readonly gateway: string }[];
  readonly wins: readonly string[];
  readonly search: readonly string[];
  readonly problems: readonly SettingsProblem[];
}

export interface OwnNetworkInput {
  readonly key: 'lan' | 'wan';
  readonly settings: LanSettings | WanSettings;
  readonly ipMode: NetworkSettings['ipMode'];
  readonly device: string;
  readonly space: 'scan' | 'management';
  readonly learned: Learned;
  /** Problems of the document as typed in. */
  readonly problems: readonly SettingsProblem[];
}

/** A port's own network from its settings and from what the network told. Pure. */
export function planOwnNetwork(input: OwnNetworkInput): OwnNetwork {
  const family = input.ipMode === 'ipv6-only' ? 6 : 4;
  if (input.settings.method === 'static') return fixedNetwork(input, input.settings, family);
  return family === 4 ? leasedNetwork(input) : advertisedNetwork(input);
}

function fixedNetwork(
  input: OwnNetworkInput,
  settings: Extract<LanSettings | WanSettings, { method: 'static' }>,
  family: 4 | 6,
): OwnNetwork {
  const { key, device, learned } = input;
  const conflict = learned.conflicts.has(settings.address)
    ? [problem(key, 'address-in-use', `another machine on the network has the address ${settings.address}`)]
    : [];
  const own = input.problems.filter((each) => each.port === key);
  const usable = conflict.length === 0 && !own.some(({ code }) => spoilsAddress(code));
  const gateway = usable && own.length === 0 ? settings.gateway : null;
  return {
    port: { device, method: 'static', family, gateway, dns: settings.dns },
    addresses: usable ? [cidr(settings.address, settings.prefixLength)] : [],
    placed: usable ? { address: settings.address, prefixLength: settings.prefixLength } : null,
    ipv6: family === 6 ? 'static' : 'off',
    clients: [],
    routes: [],
    wins: 'wins' in settings ? settings.wins : [],
    search: 'domain' in settings && settings.domain !== null ? [settings.domain] : [],
    problems: conflict,
  };
}

function leasedNetwork({ key, device, space, learned }: OwnNetworkInput): OwnNetwork {
  const lease = learned.leases.get(key);
  const loopback = lease?.address.startsWith('127.') === true;
  const used = loopback ? undefined : lease;
  return {
    port: { device, method: 'dhcp', family: 4, gateway: used?.gateway ?? null, dns: used?.dns ?? [] },
    addresses: used ? [cidr(used.address, used.prefixLength)] : [],
    placed: used ?? null,
    ipv6: 'off',
    clients: [{ key, kind: 'dhcp4', space, device }],
    routes: used?.routes ?? [],
    wins: used?.wins ?? [],
    search: used === undefined ? [] : searchOf(used.search, used.domain),
    problems: loopback && lease ? [problem(key, 'address-is-loopback', `DHCP gave the address ${lease.address}`)] : [],
  };
}

function advertisedNetwork({ key, device, space, learned }: OwnNetworkInput): OwnNetwork {
  const heard = learned.advertisements.get(key);
  const lease = learned.leases6.get(key);
  const dns = [...new Set([...(lease?.dns ?? []), ...(heard?.dns ?? [])])];
  return {
    port: { device, method: 'dhcp', family: 6, gateway: heard?.router ?? null, dns },
    addresses: lease?.address ? [cidr(lease.address, 128)] : [],
    placed: null,
    ipv6: 'automatic',
    clients: advertisedClients(key, space, device, heard),
    routes: [],
    wins: [],
    search: [...new Set([...(lease?.search ?? []), ...(heard?.search ?? [])])],
    problems: [],
  };
}

/** The kernel takes the prefixes; the rest is asked for by programs, DHCPv6 only where the router says that there is one. */
export function advertisedClients(
  key: string,
  space: ClientPlan['space'],
  device: string,
  heard: { readonly managed: boolean; readonly other: boolean } | undefined,
): ClientPlan[] {
  const clients: ClientPlan[] = [{ key, kind: 'ra', space, device }];
  if (heard?.managed) clients.push({ key, kind: 'dhcp6', space, device });
  else if (heard?.other) clients.push({ key, kind: 'dhcp6-facts', space, device });
  return clients;
}

/** Option 119 goes before option 15 (RFC 3397 section 4). */
function searchOf(search: readonly string[], domain: string | null): readonly string[] {
  return search.length > 0 || domain === null ? search : [domain];
}

/** The network that an address is in, for the on-link route of the management table. */
export function onLink(address: string): string {
  const [host = '', length = '32'] = address.split('/');
  return networkPrefix(host, Number(length));
}
