import { ipv6Text, macText } from './address-bytes.ts';
import { read16, read32, write16, write32 } from './big-endian.ts';
import { icmpv6Type } from './icmpv6.ts';

/**
 * Neighbour discovery (RFC 4861 section 4; RDNSS: RFC 8106 section 5.1). After the ICMPv6 type, code and checksum:
 *
 *     solicitation    4 reserved         8 target (16)   24 options
 *     advertisement   4 flags R,S,O      8 target (16)   24 options
 *     router adv.     4 hop limit  5 flags M,O  6 lifetime (2)  8 reachable time (4)  12 retransmission (4)  16 options
 *     option          0 type  1 length in units of 8  2 data
 */
export type NeighbourMessage =
  | {
      readonly kind: 'neighbour-solicitation' | 'neighbour-advertisement';
      /** 16 bytes in the decoded array. */
      readonly targetAt: number;
      /** Source or target link-layer address option. */
      readonly mac: string | null;
      /** Of an advertisement: the sender is a router. */
      readonly router: boolean;
    }
  | RouterAdvertisement;

export interface RouterAdvertisement {
  readonly kind: 'router-advertisement';
  readonly hopLimit: number;
  readonly managed: boolean;
  readonly otherConfiguration: boolean;
  /** Seconds; 0 means that it is no default router. */
  readonly lifetimeSeconds: number;
  readonly mac: string | null;
  readonly mtu: number | null;
  readonly prefixes: readonly { readonly prefix: string; readonly onLink: boolean; readonly autonomous: boolean }[];
  /** Recursive DNS servers. */
  readonly dnsServers: readonly string[];
}

export const neighbourLength = 24;
const advertisementLength = 16;
/** With the link-layer address option. */
export const solicitationLength = 32;
/** Place of the target, from the start of the message. */
export const neighbourTargetAt = 8;
const option = { sourceMac: 1, targetMac: 2, prefix: 3, mtu: 5, rdnss: 25 } as const;
const mostOptions = 64;
const flag = { router: 0x80, managed: 0x80, other: 0x40, onLink: 0x80, autonomous: 0x40 } as const;

/** Total: null for other types and for messages that are cut. Options stop at the first impossible length. */
export function decodeNeighbour(bytes: Uint8Array, at = 0, end = bytes.length): NeighbourMessage | null {
  const type = at < end ? bytes[at] : undefined;
  if (type === icmpv6Type.routerAdvertisement) return decodeRouter(bytes, at, end);
  const solicitation = type === icmpv6Type.neighbourSolicitation;
  if ((!solicitation && type !== icmpv6Type.neighbourAdvertisement) || at + neighbourLength > end) return null;
  let mac: string | null = null;
  for (const { type, dataAt, dataEnd } of optionsOf(bytes, at + neighbourLength, end)) {
    if (type === (solicitation ? option.sourceMac : option.targetMac) && dataAt + 6 <= dataEnd)
      mac = macText(bytes, dataAt);
  }
  return {
    kind: solicitation ? 'neighbour-solicitation' : 'neighbour-advertisement',
    targetAt: at + neighbourTargetAt,
    mac,
    router: !solicitation && ((bytes[at + 4] ?? 0) & flag.router) !== 0,
  };
}

function decodeRouter(bytes: Uint8Array, at: number, end: number): RouterAdvertisement | null {
  if (at + advertisementLength > end) return null;
  const flags = bytes[at + 5] ?? 0;
  let mac: string | null = null;
  let mtu: number | null = null;
  const prefixes: { prefix: string; onLink: boolean; autonomous: boolean }[] = [];
  const dnsServers: string[] = [];
  for (const { type, dataAt, dataEnd } of optionsOf(bytes, at + advertisementLength, end)) {
    const length = dataEnd - dataAt;
    if (type === option.sourceMac && length >= 6) mac = macText(bytes, dataAt);
    else if (type === option.mtu && length >= 6) mtu = read32(bytes, dataAt + 2);
    else if (type === option.prefix && length >= 30) prefixes.push(prefixAt(bytes, dataAt));
    else if (type === option.rdnss) {
      for (let next = dataAt + 6; next + 16 <= dataEnd; next += 16) dnsServers.push(ipv6Text(bytes, next));
    }
  }
  return {
    kind: 'router-advertisement',
    hopLimit: bytes[at + 4] ?? 0,
    managed: (flags & flag.managed) !== 0,
    otherConfiguration: (flags & flag.other) !== 0,
    lifetimeSeconds: read16(bytes, at + 6),
    mac,
    mtu,
    prefixes,
    dnsServers,
  };
}

/** Option data: prefix length, flags, two lifetimes, reserved, prefix. */
function prefixAt(bytes: Uint8Array, at: number): RouterAdvertisement['prefixes'][number] {
  const flags = bytes[at + 1] ?? 0;
  return {
    prefix: `${ipv6Text(bytes, at + 14)}/${Math.min(128, bytes[at] ?? 0)}`,
    onLink: (flags & flag.onLink) !== 0,
    autonomous: (flags & flag.autonomous) !== 0,
  };
}

function* optionsOf(bytes: Uint8Array, at: number, end: number) {
  let next = at;
  for (let count = 0; count < mostOptions && next + 8 <= end; count += 1) {
    const length = (bytes[next + 1] ?? 0) * 8;
    if (length === 0 || next + length > end) return;
    yield { type: bytes[next] ?? 0, dataAt: next + 2, dataEnd: next + length };
    next += length;
  }
}

/** Writes a neighbour solicitation with our link-layer address and a zero checksum; returns where it ends. */
export function writeNeighbourSolicitation(
  out: Uint8Array,
  at: number,
  record: { readonly target: Uint8Array; readonly mac: Uint8Array },
): number {
  write32(out, at, icmpv6Type.neighbourSolicitation << 24);
  write32(out, at + 4, 0);
  out.set(record.target, at + neighbourTargetAt);
  return writeMacOption(out, at + neighbourLength, record.mac);
}

/** Writes a router solicitation with our link-layer address and a zero checksum; returns where it ends. */
export function writeRouterSolicitation(out: Uint8Array, at: number, mac: Uint8Array): number {
  write32(out, at, icmpv6Type.routerSolicitation << 24);
  write32(out, at + 4, 0);
  return writeMacOption(out, at + 8, mac);
}

function writeMacOption(out: Uint8Array, at: number, mac: Uint8Array): number {
  write16(out, at, (option.sourceMac << 8) | 1);
  out.set(mac, at + 2);
  return at + 8;
}
