import { cidrRange, formatIp, type IpAddress, familyBits, parseIp } from '@picket/base/ip';
import type { EngineEventOf } from '../event.ts';
import type { MapNetwork } from './map-result.ts';
import { compareAddresses, compareTexts } from './order.ts';

/** A prefix in its canonical form: host bits are zero. */
export interface Prefix {
  readonly text: string;
  readonly family: 4 | 6;
  readonly length: number;
  readonly bits: bigint;
}

/** Reads `10.0.0.0/24`; null for what is no prefix. Total. */
export function parsePrefix(text: string): Prefix | null {
  const [head = '', tail = '', ...rest] = text.split('/');
  const address = parseIp(head);
  if (!address.ok || rest.length > 0 || !/^[0-9]{1,3}$/.test(tail)) return null;
  const length = Number(tail);
  return length <= familyBits(address.value.family) ? prefixOf(address.value, length) : null;
}

/** The prefix of this length that an address lies in. */
export function prefixOf(address: IpAddress, length: number): Prefix {
  const { family } = address;
  const bits = cidrRange(address, length).first;
  return { text: `${formatIp({ family, bits })}/${length}`, family, length, bits };
}

/** What is known of one prefix, gathered from `network` events. */
export interface KnownNetwork {
  readonly prefix: Prefix;
  readonly kind: 'link' | 'route' | 'default';
  readonly gateways: readonly string[];
  readonly links: readonly string[];
  readonly vlans: readonly number[];
}

/** One record a prefix. What is no prefix is left out: it came from outside. */
export function gatherNetworks(events: Iterable<EngineEventOf<'network'>>): readonly KnownNetwork[] {
  const byPrefix = new Map<string, { prefix: Prefix; events: EngineEventOf<'network'>[] }>();
  for (const event of events) {
    const prefix = parsePrefix(event.prefix);
    if (!prefix) continue;
    const known = byPrefix.get(prefix.text);
    if (known) known.events.push(event);
    else byPrefix.set(prefix.text, { prefix, events: [event] });
  }
  const sorted = [...byPrefix.values()].toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
  return sorted.map(({ prefix, events: all }) => ({
    prefix,
    kind: prefix.length === 0 ? 'default' : all.some((event) => event.gateway === null) ? 'link' : 'route',
    gateways: distinct(all.flatMap((event) => event.gateway ?? [])),
    links: distinct(all.map((event) => event.link)),
    vlans: distinct(all.flatMap((event) => event.vlan ?? [])),
  }));
}

const loopback: readonly KnownNetwork[] = ['127.0.0.0/8', '::1/128'].flatMap((text) => {
  const prefix = parsePrefix(text);
  return prefix ? [{ prefix, kind: 'link' as const, gateways: [], links: ['lo'], vlans: [] }] : [];
});

/** The machine's own network (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3), of whose addresses there are any: no event names it. */
export function loopbackNetworks(addresses: Iterable<string>): readonly KnownNetwork[] {
  const index = new NetworkIndex(loopback);
  const found = new Set<KnownNetwork>();
  for (const text of addresses) {
    const address = text.startsWith('127.') || text === '::1' ? parseIp(text) : null;
    const network = address?.ok ? index.find(address.value, () => true) : null;
    if (network) found.add(network);
  }
  return loopback.filter((network) => found.has(network));
}

function distinct<T extends string | number>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Longest-prefix match; costs one look-up for each length of prefix that there is. */
export class NetworkIndex {
  readonly #byLength = new Map<string, Map<bigint, KnownNetwork>>();
  readonly #lengths: { readonly family: 4 | 6; readonly length: number }[] = [];

  constructor(networks: readonly KnownNetwork[]) {
    for (const network of networks) {
      const { family, length, bits } = network.prefix;
      const key = `${family}/${length}`;
      let bucket = this.#byLength.get(key);
      if (!bucket) {
        bucket = new Map();
        this.#byLength.set(key, bucket);
        this.#lengths.push({ family, length });
      }
      bucket.set(bits, network);
    }
    this.#lengths.sort((a, b) => b.length - a.length);
  }

  /** The narrowest network that holds the address and passes; null without one. */
  find(address: IpAddress, pass: (network: KnownNetwork) => boolean): KnownNetwork | null {
    for (const { family, length } of this.#lengths) {
      if (family !== address.family) continue;
      const network = this.#byLength.get(`${family}/${length}`)?.get(cidrRange(address, length).first);
      if (network && pass(network)) return network;
    }
    return null;
  }
}

/** A prefix of a routing table that holds networks rather than being one. */
export function isWidePrefix(text: string): boolean {
  const prefix = parsePrefix(text);
  return prefix !== null && prefix.length < networkLength[prefix.family];
}

/** A route this narrow is taken for a network; a wider one (10.0.0.0/8 to a core router) holds many of unknown size. */
const networkLength = { 4: 20, 6: 64 } as const;
/** What is taken for a network where nobody said how large it is. */
const assumedLength = { 4: 24, 6: 64 } as const;

/** Where a host belongs: its network's prefix, and the gateway that the tables name for it. */
export interface HostPlace {
  readonly prefix: Prefix;
  readonly known: KnownNetwork | null;
  /** Null on link and where no table has a way. */
  readonly gateway: string | null;
}

export function placeOf(address: IpAddress, index: NetworkIndex): HostPlace {
  const { family } = address;
  const way = index.find(address, () => true);
  const known = index.find(address, (one) => one.kind === 'link' || isNetwork(one));
  const gateway = way === null || way.kind === 'link' ? null : (way.gateways[0] ?? null);
  return { prefix: known?.prefix ?? prefixOf(address, assumedLength[family]), known, gateway };
}

function isNetwork(network: KnownNetwork): boolean {
  return network.kind === 'route' && network.prefix.length >= networkLength[network.prefix.family];
}

const kinds: readonly MapNetwork['kind'][] = ['link', 'route', 'assumed', 'default'];

/** Order of networks on a page: by kind, then by prefix. */
export function compareNetworks(a: MapNetwork, b: MapNetwork): number {
  const [left, right] = [parsePrefix(a.prefix), parsePrefix(b.prefix)];
  const byPrefix = left && right ? comparePrefixes(left, right) : compareTexts(a.prefix, b.prefix);
  return kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || byPrefix;
}

function comparePrefixes(a: Prefix, b: Prefix): number {
  return compareAddresses(a, b) || a.length - b.length;
}
