import type { LinkInfo } from '../../packets/network-table.ts';
import { addressText, macText } from '../../wire/address-bytes.ts';
import { decodeAttributes, netlinkNumber } from './netlink-message.ts';

/** Total decoders of the bodies of rtnetlink messages (rtnetlink(7)): null for what is cut or not understood. */

/** A link without its addresses, which come in messages of their own. */
export type BareLink = Omit<LinkInfo, 'addresses'>;

const hardwareEthernet = 1;
const flag = { up: 1, loopback: 8, running: 0x40 } as const;
const linkAttribute = { address: 1, name: 3, mtu: 4, parent: 5, info: 18 } as const;
const infoAttribute = { kind: 1, data: 2 } as const;
const vlanId = 1;

/** `struct ifinfomsg`: family (1), padding, hardware type (2), index (4), flags (4), change mask (4). */
export function decodeLink(body: Uint8Array): BareLink | null {
  const index = netlinkNumber(body, 4);
  const flags = netlinkNumber(body, 8);
  const attributes = decodeAttributes(body, 16);
  const name = attributes.get(linkAttribute.name);
  if (index === null || flags === null || name === undefined) return null;
  const address = attributes.get(linkAttribute.address);
  const loopback = (flags & flag.loopback) !== 0;
  const hardware = (body[2] ?? 0) | ((body[3] ?? 0) << 8);
  return {
    index,
    name: text(name),
    up: (flags & flag.up) !== 0 && (flags & flag.running) !== 0,
    loopback,
    framing: hardware === hardwareEthernet ? 'ethernet' : 'ip',
    mac: address?.length === 6 && !loopback ? macText(address) : null,
    mtu: netlinkNumber(attributes.get(linkAttribute.mtu)) ?? 1500,
    vlan: vlanOf(attributes),
  };
}

function vlanOf(attributes: ReadonlyMap<number, Uint8Array>): LinkInfo['vlan'] {
  const info = decodeAttributes(attributes.get(linkAttribute.info) ?? new Uint8Array(0), 0);
  const parent = netlinkNumber(attributes.get(linkAttribute.parent));
  const kind = info.get(infoAttribute.kind);
  const id = decodeAttributes(info.get(infoAttribute.data) ?? new Uint8Array(0), 0).get(vlanId);
  if (parent === null || kind === undefined || text(kind) !== 'vlan' || id === undefined || id.length < 2) return null;
  return { id: (id[0] ?? 0) | ((id[1] ?? 0) << 8), parent };
}

export interface AddressEntry {
  readonly linkIndex: number;
  readonly address: string;
  readonly prefix: number;
}

const addressAttribute = { address: 1, local: 2, flags: 8 } as const;
/** IFA_F_DADFAILED and IFA_F_TENTATIVE: nothing may be sent from it. */
const unusable = 0x48;

/** `struct ifaddrmsg`: family, prefix length, flags, scope (1 each), link index (4). */
export function decodeAddress(body: Uint8Array): AddressEntry | null {
  const linkIndex = netlinkNumber(body, 4);
  const attributes = decodeAttributes(body, 8);
  const bytes = attributes.get(addressAttribute.local) ?? attributes.get(addressAttribute.address);
  const address = bytes === undefined ? null : addressText(bytes);
  const flags = netlinkNumber(attributes.get(addressAttribute.flags)) ?? body[2] ?? 0;
  if (linkIndex === null || address === null || (flags & unusable) !== 0) return null;
  return { linkIndex, address, prefix: body[1] ?? 0 };
}

export interface RouteEntry {
  readonly family: number;
  readonly table: number;
  readonly type: number;
  /** `10.0.0.0/8`; an absent destination is the default route. */
  readonly prefix: string;
  readonly source: string | null;
  /** One for each next hop. */
  readonly hops: readonly { readonly linkIndex: number; readonly gateway: string | null }[];
}

const routeAttribute = { destination: 1, link: 4, gateway: 5, source: 7, multipath: 9, table: 15, via: 18 } as const;
/** Address families of socket(2). */
export const addressFamily = { unspecified: 0, four: 2, six: 10 } as const;
const mostHops = 64;

/** `struct rtmsg`: family, destination length, source length, TOS, table, protocol, scope, type (1 each), flags (4). */
export function decodeRoute(body: Uint8Array): RouteEntry | null {
  if (body.length < 12) return null;
  const [family = 0, length = 0] = body;
  if (family !== addressFamily.four && family !== addressFamily.six) return null;
  const attributes = decodeAttributes(body, 12);
  const destination =
    textOf(attributes.get(routeAttribute.destination)) ?? (family === addressFamily.four ? '0.0.0.0' : '::');
  return {
    family,
    table: netlinkNumber(attributes.get(routeAttribute.table)) ?? body[4] ?? 0,
    type: body[7] ?? 0,
    prefix: `${destination}/${length}`,
    source: textOf(attributes.get(routeAttribute.source)),
    hops: hopsOf(attributes),
  };
}

function hopsOf(attributes: ReadonlyMap<number, Uint8Array>): RouteEntry['hops'] {
  const linkIndex = netlinkNumber(attributes.get(routeAttribute.link));
  if (linkIndex !== null) return [{ linkIndex, gateway: gatewayOf(attributes) }];
  const several = attributes.get(routeAttribute.multipath) ?? new Uint8Array(0);
  const hops: { linkIndex: number; gateway: string | null }[] = [];
  // struct rtnexthop: length (2), flags, hops (1 each), link index (4), attributes.
  for (let at = 0; at + 8 <= several.length && hops.length < mostHops; ) {
    const length = (several[at] ?? 0) | ((several[at + 1] ?? 0) << 8);
    if (length < 8 || at + length > several.length) break;
    const index = netlinkNumber(several, at + 4) ?? 0;
    hops.push({ linkIndex: index, gateway: gatewayOf(decodeAttributes(several.subarray(at, at + length), 8)) });
    at += (length + 3) & ~3;
  }
  return hops;
}

/** RTA_VIA is a gateway of another family: its family (2), then the address. */
function gatewayOf(attributes: ReadonlyMap<number, Uint8Array>): string | null {
  return textOf(attributes.get(routeAttribute.gateway)) ?? textOf(attributes.get(routeAttribute.via)?.subarray(2));
}

export interface NeighbourEntry {
  readonly linkIndex: number;
  readonly state: number;
  readonly address: string;
  readonly mac: string | null;
}

export const neighbourAttribute = { address: 1, mac: 2 } as const;

/** `struct ndmsg`: family (1), padding (3), link index (4), state (2), flags, type (1 each). */
export function decodeNeighbourEntry(body: Uint8Array): NeighbourEntry | null {
  const linkIndex = netlinkNumber(body, 4);
  if (linkIndex === null || body.length < 12) return null;
  const attributes = decodeAttributes(body, 12);
  const address = textOf(attributes.get(neighbourAttribute.address));
  if (address === null) return null;
  const mac = attributes.get(neighbourAttribute.mac);
  const state = (body[8] ?? 0) | ((body[9] ?? 0) << 8);
  return { linkIndex, state, address, mac: mac?.length === 6 ? macText(mac) : null };
}

function textOf(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined ? null : addressText(bytes);
}

/** A NUL-terminated name. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? bytes : bytes.subarray(0, end));
}
