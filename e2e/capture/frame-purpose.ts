import { ipv4Text, ipv6Text, macText } from '@picket/engine/wire/address-bytes';
import { arpOperation, decodeArp } from '@picket/engine/wire/arp';
import { decodeEthernet, ethertype } from '@picket/engine/wire/ethernet';
import { icmpv6Type } from '@picket/engine/wire/icmpv6';
import { ipProtocol } from '@picket/engine/wire/ip-protocol';
import { decodeIpv4 } from '@picket/engine/wire/ipv4';
import { decodeIpv6 } from '@picket/engine/wire/ipv6';
import { decodeNeighbour } from '@picket/engine/wire/neighbour-discovery';
import { decodeTcp, tcpFlag } from '@picket/engine/wire/tcp';
import { decodeUdp } from '@picket/engine/wire/udp';

/** What is inside an IP packet, as far as a proof of scope asks. */
export interface Carried {
  /** IANA protocol number. */
  readonly protocol: number;
  /** TCP and UDP; 0 otherwise. */
  readonly sourcePort: number;
  /** A TCP packet that opens a connection (SYN alone). */
  readonly opens: boolean;
  /** ICMPv6 type; -1 otherwise. */
  readonly icmpv6Type: number;
}

/** Whom a frame is for. `address` is the IP address that it is addressed to, or asks about. */
export type FramePurpose =
  | { readonly kind: 'packet'; readonly address: string; readonly carried: Carried }
  | { readonly kind: 'arp-question' | 'arp-answer'; readonly address: string }
  | { readonly kind: 'neighbour-question' | 'neighbour-answer'; readonly address: string }
  | { readonly kind: 'undecodable'; readonly address: '' };

/** A frame with the Ethernet address that it goes to. */
export interface JudgedFrame {
  readonly mac: string;
  readonly purpose: FramePurpose;
}

const undecodable: FramePurpose = { kind: 'undecodable', address: '' };

/** Reads a frame with the decoders of the engine. Total: what they refuse is `undecodable`. */
export function readFrame(bytes: Uint8Array): JudgedFrame {
  const ethernet = decodeEthernet(bytes);
  if (ethernet === null) return { mac: '', purpose: undecodable };
  const { payloadAt } = ethernet;
  const mac = macText(bytes, ethernet.destinationAt);
  if (ethernet.ethertype === ethertype.arp) return { mac, purpose: arpPurpose(bytes, payloadAt) };
  if (ethernet.ethertype === ethertype.ipv4) return { mac, purpose: ipv4Purpose(bytes, payloadAt) };
  if (ethernet.ethertype === ethertype.ipv6) return { mac, purpose: ipv6Purpose(bytes, payloadAt) };
  return { mac, purpose: undecodable };
}

function arpPurpose(bytes: Uint8Array, at: number): FramePurpose {
  const arp = decodeArp(bytes, at);
  if (arp === null) return undecodable;
  const kind = arp.operation === arpOperation.request ? 'arp-question' : 'arp-answer';
  return { kind, address: ipv4Text(arp.targetIp) };
}

function ipv4Purpose(bytes: Uint8Array, at: number): FramePurpose {
  const ip = decodeIpv4(bytes, at);
  if (ip === null) return undecodable;
  const carried = carriedIn(bytes, ip);
  return { kind: 'packet', address: ipv4Text(ip.destination), carried };
}

function ipv6Purpose(bytes: Uint8Array, at: number): FramePurpose {
  const ip = decodeIpv6(bytes, at);
  if (ip === null) return undecodable;
  const address = ipv6Text(bytes, ip.destinationAt);
  const neighbour = ip.protocol === ipProtocol.icmpv6 ? decodeNeighbour(bytes, ip.payloadAt, ip.payloadEnd) : null;
  if (neighbour?.kind === 'neighbour-solicitation')
    return { kind: 'neighbour-question', address: ipv6Text(bytes, neighbour.targetAt) };
  if (neighbour?.kind === 'neighbour-advertisement') return { kind: 'neighbour-answer', address };
  return { kind: 'packet', address, carried: carriedIn(bytes, ip) };
}

function carriedIn(
  bytes: Uint8Array,
  ip: { readonly protocol: number; readonly payloadAt: number; readonly payloadEnd: number },
): Carried {
  const { protocol, payloadAt, payloadEnd } = ip;
  const tcp = protocol === ipProtocol.tcp ? decodeTcp(bytes, payloadAt, payloadEnd) : null;
  const udp = protocol === ipProtocol.udp ? decodeUdp(bytes, payloadAt, payloadEnd) : null;
  return {
    protocol,
    sourcePort: tcp?.sourcePort ?? udp?.sourcePort ?? 0,
    opens: tcp !== null && (tcp.flags & (tcpFlag.syn | tcpFlag.ack)) === tcpFlag.syn,
    icmpv6Type: protocol === ipProtocol.icmpv6 ? (bytes[payloadAt] ?? -1) : -1,
  };
}

/** Multicast messages of a link search and of every IPv6 stack: group, ICMPv6 type, and why they may be sent. */
export const groupReasons: readonly {
  readonly group: string;
  readonly types: readonly number[];
  readonly sender: 'kernel' | 'link-search';
  readonly reason: string;
}[] = [
  {
    group: 'ff02::2',
    types: [icmpv6Type.routerSolicitation],
    sender: 'kernel',
    reason: 'asks for routers (the kernel, and a link search)',
  },
  {
    group: 'ff02::16',
    types: [icmpv6Type.listenerReportV2],
    sender: 'kernel',
    reason: 'tells its own groups (the kernel)',
  },
  {
    group: 'ff02::1',
    types: [icmpv6Type.echoRequest, icmpv6Type.listenerQuery],
    sender: 'link-search',
    reason: 'asks all nodes of a link in which a range too large to sweep is a target (link search)',
  },
];
