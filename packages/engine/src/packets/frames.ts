import { broadcastMac, multicastMac, solicitedNodeGroup } from '../wire/address-bytes.ts';
import { arpOperation, writeArp } from '../wire/arp.ts';
import { write16, write32 } from '../wire/big-endian.ts';
import { addWords, checksumOf } from '../wire/checksum.ts';
import { ethertype, writeEthernet } from '../wire/ethernet.ts';
import { writeIcmpEcho, writeIcmpTimestamp } from '../wire/icmp.ts';
import { sealIcmpv6, writeIcmpv6Echo } from '../wire/icmpv6.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { writeIpv4 } from '../wire/ipv4.ts';
import { writeIpv6 } from '../wire/ipv6.ts';
import { solicitationLength, writeNeighbourSolicitation } from '../wire/neighbour-discovery.ts';
import { tcpFlag, tcpLength } from '../wire/tcp.ts';
import { sealUdp, udpLength, writeUdp } from '../wire/udp.ts';
import { type AddressBook, type AddressKey, lowOf } from './address-book.ts';
import type { Path } from './path.ts';

/** Where a frame goes: the slot of the arena, and the next hop's MAC in an array of them (ignored without Ethernet headers). */
export interface FramePlace {
  out: Uint8Array;
  at: number;
  macs: Uint8Array;
  macAt: number;
}

export const defaultHopLimit = 64;
/** RFC 4861 section 7.1: neighbour discovery that a router forwarded is ignored. */
const neighbourHopLimit = 255;
/** Maximum segment size 1460 (RFC 9293 section 3.7.1): a SYN without options looks like an attack to some devices. */
const synOptions = Uint8Array.of(2, 4, 0x05, 0xb4);
const synWindow = 1024;
/** Twenty-four bytes with its option. */
const synLength = tcpLength + synOptions.length;
const synOffsetAndFlags = ((synLength / 4) << 12) | tcpFlag.syn;
const ackOffsetAndFlags = ((tcpLength / 4) << 12) | tcpFlag.ack;
const optionsSum = addWords(synOptions, 0, synOptions.length);

/**
 * Writes the frames of one path in place. Headers are made once; a frame copies them and sums its checksums up from what was summed
 * before. Each method returns the length of the frame.
 */
export class Frames {
  readonly path: Path;
  readonly #book: AddressBook;
  readonly #source: Uint8Array;
  readonly #sourceSum: number;
  /** Link header and IP header, but for MAC, destination, length and checksum. */
  readonly #head: Uint8Array;
  readonly #ipAt: number;
  /** IPv4: sum of the fixed words of the header without protocol. */
  readonly #headSum: number;

  constructor(path: Path, book: AddressBook) {
    this.path = path;
    this.#book = book;
    this.#source = new Uint8Array(path.version === 4 ? 4 : 16);
    book.write(path.source, this.#source, 0);
    this.#sourceSum = book.sum(path.source);
    const head = new Uint8Array(64);
    this.#ipAt = this.#linkHeader(head, path.version === 4 ? ethertype.ipv4 : ethertype.ipv6);
    const blank = new Uint8Array(16);
    const end =
      path.version === 4
        ? writeIpv4(head, this.#ipAt, {
            source: path.source,
            destination: 0,
            protocol: 0,
            ttl: defaultHopLimit,
            identification: 0,
            dontFragment: false,
            payloadLength: 0,
          })
        : writeIpv6(head, this.#ipAt, {
            source: this.#source,
            destination: blank,
            nextHeader: 0,
            hopLimit: defaultHopLimit,
            payloadLength: 0,
          });
    this.#head = head.slice(0, end);
    this.#headSum = 0x4500 + this.#sourceSum;
  }

  /** A SYN whose sequence number is the cookie. */
  syn(place: FramePlace, to: AddressKey, ports: number, cookie: number): number {
    const { out } = place;
    const at = this.#ip(place, to, ipProtocol.tcp, synLength);
    write32(out, at, ports);
    write32(out, at + 4, cookie);
    write32(out, at + 8, 0);
    write16(out, at + 12, synOffsetAndFlags);
    write16(out, at + 14, synWindow);
    write16(out, at + 18, 0);
    out.set(synOptions, at + tcpLength);
    const fixed = synOffsetAndFlags + synWindow + optionsSum + ipProtocol.tcp + synLength;
    write16(out, at + 16, fold(fixed + this.#sourceSum + this.#book.sum(to) + words(ports) + words(cookie)));
    return at + synLength - place.at;
  }

  /** An ACK out of nowhere, which a host answers with a RST whose sequence number is the cookie. */
  ack(place: FramePlace, to: AddressKey, ports: number, cookie: number): number {
    const { out } = place;
    const at = this.#ip(place, to, ipProtocol.tcp, tcpLength);
    write32(out, at, ports);
    write32(out, at + 4, cookie);
    write32(out, at + 8, cookie);
    write16(out, at + 12, ackOffsetAndFlags);
    write16(out, at + 14, synWindow);
    write16(out, at + 18, 0);
    const fixed = ackOffsetAndFlags + synWindow + ipProtocol.tcp + tcpLength;
    write16(out, at + 16, fold(fixed + this.#sourceSum + this.#book.sum(to) + words(ports) + 2 * words(cookie)));
    return at + tcpLength - place.at;
  }

  udp(place: FramePlace, to: AddressKey, ports: number, payload: Uint8Array): number {
    const length = udpLength + payload.length;
    const at = this.#ip(place, to, ipProtocol.udp, length);
    const end = writeUdp(place.out, at, { sourcePort: ports >>> 16, destinationPort: ports & 0xffff, payload });
    sealUdp(place.out, at, end, this.#pseudo(to, ipProtocol.udp, length));
    return end - place.at;
  }

  echo(
    place: FramePlace,
    to: AddressKey,
    echo: { identifier: number; sequence: number; payload: Uint8Array; code?: number },
  ): number {
    const length = 8 + echo.payload.length;
    if (this.path.version === 4) {
      const at = this.#ip(place, to, ipProtocol.icmp, length);
      return writeIcmpEcho(place.out, at, { ...echo, code: echo.code ?? 0 }) - place.at;
    }
    const at = this.#ip(place, to, ipProtocol.icmpv6, length);
    const end = writeIcmpv6Echo(place.out, at, echo);
    sealIcmpv6(place.out, at, end, this.#pseudo(to, ipProtocol.icmpv6, length));
    return end - place.at;
  }

  /** IPv4 only. */
  timestamp(
    place: FramePlace,
    to: AddressKey,
    record: { identifier: number; sequence: number; originate: number },
  ): number {
    const at = this.#ip(place, to, ipProtocol.icmp, 20);
    return writeIcmpTimestamp(place.out, at, record) - place.at;
  }

  /** Who has this address? By broadcast (ARP) or to the address's group (neighbour discovery). */
  whoHas(place: FramePlace, target: AddressKey): number {
    return this.path.version === 4 ? this.#arp(place, target) : this.#solicitation(place, target);
  }

  /** A TCP segment or other payload that is ready but for its checksum (TCP's, when `tcp` is set). */
  segment(place: FramePlace, to: AddressKey, segment: Uint8Array): number {
    const at = this.#ip(place, to, ipProtocol.tcp, segment.length);
    place.out.set(segment, at);
    write16(place.out, at + 16, 0);
    const sum = addWords(place.out, at, at + segment.length, this.#pseudo(to, ipProtocol.tcp, segment.length));
    write16(place.out, at + 16, checksumOf(sum));
    return at + segment.length - place.at;
  }

  /** Another hop limit than the usual one for a frame just written. */
  setHopLimit(place: FramePlace, hopLimit: number): void {
    const at = place.at + this.#ipAt;
    if (this.path.version === 6) {
      place.out[at + 7] = hopLimit;
      return;
    }
    place.out[at + 8] = hopLimit;
    write16(place.out, at + 10, 0);
    write16(place.out, at + 10, checksumOf(addWords(place.out, at, at + 20)));
  }

  #arp(place: FramePlace, target: AddressKey): number {
    const header = new Uint8Array(18);
    const length = this.#linkHeader(header, ethertype.arp);
    place.out.set(header.subarray(0, length), place.at);
    place.out.set(broadcastMac, place.at);
    const senderMac = this.path.out.mac;
    const end = writeArp(place.out, place.at + length, {
      operation: arpOperation.request,
      senderMac,
      senderIp: this.path.source,
      targetMac: new Uint8Array(6),
      targetIp: target,
    });
    return end - place.at;
  }

  #solicitation(place: FramePlace, target: AddressKey): number {
    const bytes = new Uint8Array(16);
    this.#book.write(target, bytes, 0);
    const group = solicitedNodeGroup(bytes);
    const { out, at } = place;
    out.set(this.#head, at);
    out.set(multicastMac(group), at);
    const start = writeIpv6(out, at + this.#ipAt, {
      source: this.#source,
      destination: group,
      nextHeader: ipProtocol.icmpv6,
      hopLimit: neighbourHopLimit,
      payloadLength: solicitationLength,
    });
    const end = writeNeighbourSolicitation(out, start, { target: bytes, mac: this.path.out.mac });
    const sum = this.#sourceSum + addWords(group, 0, 16) + solicitationLength + ipProtocol.icmpv6;
    sealIcmpv6(out, start, end, sum);
    return end - at;
  }

  #pseudo(to: AddressKey, protocol: number, length: number): number {
    return this.#sourceSum + this.#book.sum(to) + protocol + length;
  }

  /** Link and IP header; returns where the transport header begins. */
  #ip(place: FramePlace, to: AddressKey, protocol: number, payloadLength: number): number {
    const { out, at } = place;
    const head = this.#head;
    for (let index = 0; index < head.length; index += 1) out[at + index] = head[index] ?? 0;
    if (this.#ipAt > 0)
      for (let index = 0; index < 6; index += 1) out[at + index] = place.macs[place.macAt + index] ?? 0;
    const ip = at + this.#ipAt;
    if (this.path.version === 4) {
      const low = lowOf(to);
      const length = 20 + payloadLength;
      write16(out, ip + 2, length);
      out[ip + 9] = protocol;
      write32(out, ip + 16, low);
      write16(out, ip + 10, fold(this.#headSum + length + (defaultHopLimit << 8) + protocol + words(low)));
    } else {
      write16(out, ip + 4, payloadLength);
      out[ip + 6] = protocol;
      this.#book.write(to, out, ip + 24);
    }
    return at + head.length;
  }

  #linkHeader(head: Uint8Array, type: number): number {
    if (this.path.out.link.framing === 'ip') return 0;
    const { mac } = this.path.out;
    return writeEthernet(head, 0, { destination: mac, source: mac, ethertype: type, vlan: this.path.vlan });
  }
}

function words(value: number): number {
  return (value >>> 16) + (value & 0xffff);
}

/** Checksum of a sum below 2^32: as `checksumOf`, without a loop. */
function fold(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return ~((once & 0xffff) + (once >>> 16)) & 0xffff;
}
