import { parseIp } from '@picket/base/ip';
import type { NetworkSettings, StaticNetwork } from './network-settings.ts';
import { familyOf, isIn, networkRange, overlaps } from './prefix.ts';

export type ProblemCode =
  | 'address-is-loopback'
  | 'gateway-is-loopback'
  | 'address-is-not-a-host'
  | 'gateway-is-not-a-host'
  | 'gateway-not-in-network'
  | 'gateway-is-own-address'
  | 'wrong-family'
  | 'prefix-too-long'
  | 'address-in-use'
  | 'same-subnet'
  | 'lan-not-configured';

/** Why a port can't be configured as it was set: the console's `inv LAN IP cnf` and `inv WAN IP cnf`. */
export interface SettingsProblem {
  readonly port: 'lan' | 'wan';
  readonly code: ProblemCode;
  /** Refused at the prompt. Everything else is saved as typed and then reported (error 07 for LAN, 08 for WAN). */
  readonly refuse: boolean;
  /** A 127.x address: E09 and E11 of older models. */
  readonly loopback: boolean;
  readonly message: string;
  readonly hint: string;
}

/** What is known of LAN at the moment of a change; null when it has no working address. */
export interface LanFacts {
  readonly address: string;
  readonly prefixLength: number;
}

/** Everything wrong with what was entered, as far as the document alone tells. Pure. */
export function settingsProblems(settings: NetworkSettings): SettingsProblem[] {
  const family = settings.ipMode === 'ipv6-only' ? 6 : 4;
  const { lan, wan } = settings;
  const problems = [
    ...(lan.method === 'static' ? staticProblems('lan', lan, family) : []),
    ...(wan?.method === 'static' ? staticProblems('wan', wan, family) : []),
  ];
  if (lan.method === 'static' && wan?.method === 'static') problems.push(...sameSubnet(lan, wan, true));
  return problems;
}

/** What is wrong at the prompt with a change from one document to another, besides {@link settingsProblems}. Pure. */
export function changeProblems(
  before: NetworkSettings,
  after: NetworkSettings,
  lan: LanFacts | null,
): SettingsProblem[] {
  if (before.wan !== null || after.wan === null || after.lan.method === 'static' || lan !== null) return [];
  return [
    {
      ...problem('wan', 'lan-not-configured', 'LAN has no address yet, and it is configured before WAN'),
      refuse: true,
      hint: 'Connect LAN to a network with a DHCP server, or set a static address for LAN, then enable WAN.',
    },
  ];
}

/** Two ports in one network: neither kernel nor people could tell what goes where. */
export function sameSubnet(lan: LanFacts, wan: LanFacts, refuse: boolean): SettingsProblem[] {
  const lanRange = networkRange(lan.address, lan.prefixLength);
  const wanRange = networkRange(wan.address, wan.prefixLength);
  if (lanRange === null || wanRange === null || !overlaps(lanRange, wanRange)) return [];
  const networks = `${lan.address}/${lan.prefixLength} and ${wan.address}/${wan.prefixLength}`;
  return [
    {
      ...problem('wan', 'same-subnet', `LAN and WAN are in one subnet: ${networks}`),
      refuse,
      hint: 'Put WAN into a subnet of its own, or disable it: LAN then carries management too.',
    },
  ];
}

function staticProblems(port: 'lan' | 'wan', network: StaticNetwork, family: 4 | 6): SettingsProblem[] {
  const { address, gateway, prefixLength } = network;
  if (familyOf(address) !== family) return [problem(port, 'wrong-family', `${address} is not an IPv${family} address`)];
  if (isLoopback(address)) return [problem(port, 'address-is-loopback', `the address ${address} is loopback`)];
  const range = networkRange(address, prefixLength);
  if (range === null || (family === 4 && prefixLength > 30))
    return [problem(port, 'prefix-too-long', `/${prefixLength} leaves no room for a gateway beside ${address}`)];
  if (!isHost(address, prefixLength))
    return [problem(port, 'address-is-not-a-host', `${address}/${prefixLength} is not the address of one machine`)];
  if (isLoopback(gateway)) return [problem(port, 'gateway-is-loopback', `the gateway ${gateway} is loopback`)];
  if (gateway === address) return [problem(port, 'gateway-is-own-address', `${gateway} is the address itself`)];
  if (!isIn(gateway, range) && !isLinkLocal6(gateway))
    return [problem(port, 'gateway-not-in-network', `the gateway ${gateway} is not in ${address}/${prefixLength}`)];
  if (!isLinkLocal6(gateway) && !isHost(gateway, prefixLength))
    return [problem(port, 'gateway-is-not-a-host', `the gateway ${gateway} is not the address of one machine`)];
  return [];
}

/** Problems of the gateway alone leave the address usable; with these nothing can be configured. */
export function spoilsAddress(code: ProblemCode): boolean {
  return !code.startsWith('gateway-');
}

/** A problem with the words that fit its code. */
export function problem(port: 'lan' | 'wan', code: ProblemCode, what: string): SettingsProblem {
  return {
    port,
    code,
    refuse: false,
    loopback: code.endsWith('-is-loopback'),
    message: `${port.toUpperCase()}: ${what}.`,
    hint: hints[code],
  };
}

const hints: Readonly<Record<ProblemCode, string>> = {
  'address-is-loopback': "Enter the port's own address on its network; 127.x never leaves the machine.",
  'gateway-is-loopback': 'Enter the address of the router on the same network; 127.x never leaves the machine.',
  'address-is-not-a-host': 'Enter an address that is neither the network, its broadcast, multicast nor reserved.',
  'gateway-is-not-a-host': 'Enter an address that is neither the network, its broadcast, multicast nor reserved.',
  'gateway-not-in-network': 'Check address, netmask and gateway: the gateway must be on the same network.',
  'gateway-is-own-address': 'Enter the address of the router, not of the appliance.',
  'wrong-family': 'Enter an address of the family that the IPv4+v6 or IPv6-only mode asks for.',
  'prefix-too-long': 'Enter a netmask that holds the address and its gateway: /30 or shorter.',
  'address-in-use': 'Choose a free address, or disconnect the machine that has this one.',
  'same-subnet': 'Put LAN and WAN into different subnets.',
  'lan-not-configured': 'Configure LAN first.',
};

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function isLinkLocal6(address: string): boolean {
  return /^fe[89ab]/.test(address);
}

/** Neither unspecified, multicast, reserved (RFC 1122 section 3.2.1.3, RFC 4291 section 2), nor an IPv4 network or broadcast address. */
function isHost(address: string, prefixLength: number): boolean {
  const parsed = parseIp(address);
  if (!parsed.ok) return false;
  const { bits, family } = parsed.value;
  if (family === 6) return bits !== 0n && bits >> 120n !== 0xffn;
  const range = networkRange(address, prefixLength);
  if (range === null || bits >> 24n === 0n || bits >> 28n >= 14n) return false;
  return bits !== range.first && bits !== range.last;
}
