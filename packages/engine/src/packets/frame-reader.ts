import { decodeArp, arpOperation } from '../wire/arp.ts';
import { read32 } from '../wire/big-endian.ts';
import { decodeEthernet, ethertype } from '../wire/ethernet.ts';
import { decodeIcmp } from '../wire/icmp.ts';
import { decodeIcmpv6 } from '../wire/icmpv6.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { decodeIpv4 } from '../wire/ipv4.ts';
import { decodeIpv6 } from '../wire/ipv6.ts';
import { decodeNeighbour } from '../wire/neighbour-discovery.ts';
import { decodeTcp, type TcpHeader } from '../wire/tcp.ts';
import { decodeUdp } from '../wire/udp.ts';
import type { QuotedPacket } from '../wire/quoted-packet.ts';
import type { AddressBook, AddressKey } from './address-book.ts';

/** Who sent a packet and how it arrived. */
export interface Arrival {
  readonly bytes: Uint8Array;
  /** Sender; -1 when it is an IPv6 address outside all prefixes in use (a router, mostly). */
  readonly from: AddressKey;
  readonly version: 4 | 6;
  /** Where the sender's 4 or 16 bytes are. */
  readonly fromAt: number;
  readonly hopLimit: number;
  /** Where the sender's MAC is; -1 without one. */
  readonly macAt: number;
  readonly dontFragment: boolean;
  readonly identification: number;
}

/** What the loop wants to hear of. Cookies are for the listener to check; nothing here is believed yet. */
export interface FrameListener {
  /** An address told its MAC. */
  mac(address: AddressKey, bytes: Uint8Array, macAt: number, kind: 'arp' | 'ndp'): void;
  tcp(arrival: Arrival, header: TcpHeader, payloadEnd: number): void;
  udp(
    arrival: Arrival,
    ports: { readonly sourcePort: number; readonly destinationPort: number },
    payloadAt: number,
    payloadEnd: number,
  ): void;
  echo(arrival: Arrival, sequence: number, payloadAt: number, payloadEnd: number): void;
  timestamp(arrival: Arrival, sequence: number, originate: number): void;
  error(arrival: Arrival, error: IcmpError): void;
}

export interface IcmpError {
  readonly kind: 'unreachable' | 'time-exceeded';
  readonly code: number;
  readonly quoted: QuotedPacket;
  /** Where our packet was going. */
  readonly to: AddressKey;
}

export interface ReaderInit {
  readonly book: AddressBook;
  readonly framing: 'ethernet' | 'ip';
  /** Identifier of our echo and timestamp requests. */
  readonly echoId: number;
  /** Frames of other VLANs are not ours: the tag wanted, or -1 for any. */
  readonly vlan: number;
  readonly listener: FrameListener;
}

/** Takes one frame apart. Total: what is cut, foreign or nonsense is passed over. */
export function readFrame(bytes: Uint8Array, vlan: number, init: ReaderInit): void {
  if (init.framing === 'ip') {
    const version = (bytes[0] ?? 0) >>> 4;
    if (version === 4) readIpv4(bytes, 0, -1, init);
    else if (version === 6) readIpv6(bytes, 0, -1, init);
    return;
  }
  const frame = decodeEthernet(bytes);
  if (frame === null) return;
  const tag = frame.vlan >= 0 ? frame.vlan : vlan;
  if (init.vlan >= 0 && tag !== init.vlan) return;
  if (frame.ethertype === ethertype.ipv4) readIpv4(bytes, frame.payloadAt, frame.sourceAt, init);
  else if (frame.ethertype === ethertype.ipv6) readIpv6(bytes, frame.payloadAt, frame.sourceAt, init);
  else if (frame.ethertype === ethertype.arp) readArp(bytes, frame.payloadAt, init);
}

function readArp(bytes: Uint8Array, at: number, { listener }: ReaderInit): void {
  const arp = decodeArp(bytes, at);
  if (arp?.operation === arpOperation.reply) listener.mac(arp.senderIp, bytes, arp.senderMacAt, 'arp');
}

function readIpv4(bytes: Uint8Array, at: number, macAt: number, init: ReaderInit): void {
  const ip = decodeIpv4(bytes, at);
  if (ip === null || ip.fragmentOffset !== 0) return;
  const arrival: Arrival = {
    bytes,
    from: ip.source,
    version: 4,
    fromAt: at + 12,
    hopLimit: ip.ttl,
    macAt,
    dontFragment: ip.dontFragment,
    identification: ip.identification,
  };
  if (ip.protocol === ipProtocol.icmp) readIcmp(arrival, ip.payloadAt, ip.payloadEnd, init);
  else readTransport(arrival, ip, init);
}

function readIpv6(bytes: Uint8Array, at: number, macAt: number, init: ReaderInit): void {
  const ip = decodeIpv6(bytes, at);
  if (ip === null || ip.fragmentOffset !== 0) return;
  const arrival: Arrival = {
    bytes,
    from: init.book.key6(bytes, ip.sourceAt),
    version: 6,
    fromAt: ip.sourceAt,
    hopLimit: ip.hopLimit,
    macAt,
    dontFragment: false,
    identification: 0,
  };
  if (ip.protocol === ipProtocol.icmpv6) readIcmpv6(arrival, ip.payloadAt, ip.payloadEnd, init);
  else readTransport(arrival, ip, init);
}

function readTransport(
  arrival: Arrival,
  ip: { readonly protocol: number; readonly payloadAt: number; readonly payloadEnd: number },
  { listener }: ReaderInit,
): void {
  const { protocol, payloadAt, payloadEnd } = ip;
  if (protocol === ipProtocol.tcp) {
    const tcp = decodeTcp(arrival.bytes, payloadAt, payloadEnd);
    if (tcp) listener.tcp(arrival, tcp, payloadEnd);
  } else if (protocol === ipProtocol.udp) {
    const udp = decodeUdp(arrival.bytes, payloadAt, payloadEnd);
    if (udp) listener.udp(arrival, udp, udp.payloadAt, udp.payloadEnd);
  }
}

function readIcmp(arrival: Arrival, at: number, end: number, { listener, echoId }: ReaderInit): void {
  const message = decodeIcmp(arrival.bytes, at, end);
  if (message === null) return;
  if (message.kind === 'echo-reply' && message.identifier === echoId)
    listener.echo(arrival, message.sequence, message.payloadAt, end);
  else if (message.kind === 'timestamp-reply' && message.identifier === echoId)
    listener.timestamp(arrival, message.sequence, message.originate);
  else if ((message.kind === 'unreachable' || message.kind === 'time-exceeded') && message.quoted?.version === 4) {
    const { kind, code, quoted } = message;
    listener.error(arrival, { kind, code, quoted, to: read32(arrival.bytes, quoted.destinationAt) });
  }
}

function readIcmpv6(arrival: Arrival, at: number, end: number, { listener, echoId, book }: ReaderInit): void {
  const { bytes } = arrival;
  const neighbour = decodeNeighbour(bytes, at, end);
  if (neighbour) {
    // RFC 4861 section 7.1.2: from a neighbour only.
    if (neighbour.kind !== 'neighbour-advertisement' || arrival.hopLimit !== 255 || arrival.macAt < 0) return;
    const target = book.key6(bytes, neighbour.targetAt);
    if (target >= 0) listener.mac(target, bytes, arrival.macAt, 'ndp');
    return;
  }
  const message = decodeIcmpv6(bytes, at, end);
  if (message === null) return;
  if (message.kind === 'echo-reply' && message.identifier === echoId)
    listener.echo(arrival, message.sequence, message.payloadAt, end);
  else if ((message.kind === 'unreachable' || message.kind === 'time-exceeded') && message.quoted?.version === 6) {
    const { kind, code, quoted } = message;
    const to = book.key6(bytes, quoted.destinationAt);
    if (to >= 0) listener.error(arrival, { kind, code, quoted, to });
  }
}
