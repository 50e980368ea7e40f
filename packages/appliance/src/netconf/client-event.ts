import { canonicalIp, parseRange } from '@picket/base/ip';
import type { Dhcp6Lease, DhcpLease } from './learned.ts';
import { familyOf } from './prefix.ts';

/** What a DHCP client tells. `lost`: nothing is leased (any more). `no-answer`: no server answered; it goes on asking. */
export type ClientEvent =
  | { readonly kind: 'leased'; readonly lease: DhcpLease }
  | { readonly kind: 'leased6'; readonly lease: Dhcp6Lease }
  | { readonly kind: 'lost' }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'refused'; readonly message: string };

type HookRecord = ReadonlyMap<string, string>;

/** An event of udhcpc; null for one that says nothing new. Everything in it came from the network: each value is checked, lists are cut. */
export function udhcpcEvent(record: HookRecord, now: string): ClientEvent | null {
  switch (record.get('event')) {
    case 'bound':
    case 'renew': {
      const lease = leaseOf(record, now);
      return lease ?? { kind: 'refused', message: 'the DHCP server gave no usable address' };
    }
    case 'deconfig':
      return { kind: 'lost' };
    case 'leasefail':
      return { kind: 'no-answer' };
    case 'nak':
      return { kind: 'refused', message: `the DHCP server refused: ${(record.get('message') ?? '').slice(0, 100)}` };
    default:
      return null;
  }
}

function leaseOf(record: HookRecord, now: string): Extract<ClientEvent, { kind: 'leased' }> | null {
  const address = ipv4(record.get('ip'));
  const prefixLength = Number(record.get('mask') ?? '32');
  if (address === null || !Number.isInteger(prefixLength) || prefixLength < 1 || prefixLength > 32) return null;
  const routes = staticRoutes(words(record, 'staticroutes'));
  const away = routes.find(({ destination }) => destination === '0.0.0.0/0');
  const node = Number.parseInt(record.get('opt46') ?? '', 16);
  return {
    kind: 'leased',
    lease: {
      address,
      prefixLength,
      gateway: away?.gateway ?? addresses(record, 'router')[0] ?? null,
      dns: addresses(record, 'dns'),
      wins: addresses(record, 'wins'),
      netbiosNode: Number.isInteger(node) ? node : null,
      domain: names(record, 'domain')[0] ?? null,
      search: names(record, 'search'),
      routes: routes.filter((route) => route !== away).slice(0, 64),
      server: ipv4(record.get('serverid')),
      seconds: seconds(record.get('lease')),
      obtainedAt: now,
    },
  };
}

/** An event of dhclient in its IPv6 mode; null for one that says nothing new. */
export function dhclient6Event(record: HookRecord, now: string): ClientEvent | null {
  switch (record.get('reason')) {
    case 'BOUND6':
    case 'RENEW6':
    case 'REBIND6':
    case 'REBOOT': {
      const address = canonicalIp(record.get('new_ip6_address') ?? '');
      return {
        kind: 'leased6',
        lease: {
          address: address !== null && familyOf(address) === 6 ? address : null,
          dns: words(record, 'new_dhcp6_name_servers')
            .flatMap((text) => canonicalIp(text) ?? [])
            .slice(0, 8),
          search: names(record, 'new_dhcp6_domain_search'),
          seconds: seconds(record.get('new_max_life')),
          obtainedAt: now,
        },
      };
    }
    case 'EXPIRE6':
    case 'RELEASE6':
    case 'STOP6':
    case 'FAIL6':
      return { kind: 'lost' };
    default:
      return null;
  }
}

/** Pairs of prefix and gateway (RFC 3442). */
function staticRoutes(list: readonly string[]): { destination: string; gateway: string }[] {
  const routes: { destination: string; gateway: string }[] = [];
  for (let at = 0; at + 1 < list.length; at += 2) {
    const destination = list[at] ?? '';
    const gateway = ipv4(list[at + 1]);
    // A gateway of 0.0.0.0 is "on the link itself"; the network behind it is not ours to believe.
    if (gateway !== null && gateway !== '0.0.0.0' && parseRange(destination).ok && destination.includes('/'))
      routes.push({ destination, gateway });
  }
  return routes;
}

function words(record: HookRecord, name: string): string[] {
  return (record.get(name) ?? '').split(/[ \t]+/).filter((word) => word !== '');
}

function addresses(record: HookRecord, name: string): string[] {
  const found = words(record, name).flatMap((text) => ipv4(text) ?? []);
  return [...new Set(found)].filter((address) => address !== '0.0.0.0').slice(0, 8);
}

/** Host names only: what else a server writes must not reach a resolver file. */
function names(record: HookRecord, name: string): string[] {
  if (/[^\w. -]/.test(record.get(name) ?? '')) return [];
  return words(record, name)
    .map((text) => text.replace(/\.$/, ''))
    .filter((text) => text.length <= 253 && /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/.test(text))
    .slice(0, 6);
}

function ipv4(text: string | undefined): string | null {
  const address = canonicalIp(text ?? '');
  return address !== null && familyOf(address) === 4 ? address : null;
}

function seconds(text: string | undefined): number {
  const value = Number(text ?? '0');
  return Number.isInteger(value) && value >= 0 ? value : 0;
}
