import type { AddressKey } from './address-book.ts';
import type { PacketLink } from './packet-link.ts';
import type { FrameOwners } from './sent-counts.ts';

/** An interface in use by the packet loop. */
export interface OpenLink {
  readonly index: number;
  readonly name: string;
  readonly link: PacketLink;
  /** Six bytes; zeros on links without Ethernet headers. */
  readonly mac: Uint8Array;
  /** Frames written into the arena and not yet sent. */
  pending: number;
  /** Who counts them. */
  readonly owners: FrameOwners;
  /** It vanished or refuses to send: what it said. */
  fault: string | null;
}

/** How packets to some addresses leave: through which interface, from which address, by which next hop. */
export interface Path {
  readonly out: OpenLink;
  readonly version: 4 | 6;
  readonly source: AddressKey;
  /** Null when the addresses are on the link itself, or the link has no Ethernet headers. */
  readonly gateway: AddressKey | null;
  /** 802.1Q identifier to send with, or -1. */
  readonly vlan: number;
}

/** Addresses whose MACs must be asked for one by one. */
export function isOnLink(path: Path): boolean {
  return path.gateway === null && path.out.link.framing === 'ethernet';
}
