import { formatIp } from '@picket/base/ip';
import type { Clock } from '@picket/base/clock';
import type { NetworkTable, LinkInfo } from '../packets/network-table.ts';
import type { PacketLink } from '../packets/packet-link.ts';
import { ipv6Text } from '../wire/address-bytes.ts';
import { arpAt, arpOperation, decodeArp, writeArp } from '../wire/arp.ts';
import { read16, write16 } from '../wire/big-endian.ts';
import { pseudoSum4, pseudoSum6 } from '../wire/checksum.ts';
import { decodeEthernet, ethertype, writeEthernet } from '../wire/ethernet.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { decodeIpv4, writeIpv4 } from '../wire/ipv4.ts';
import { decodeIpv6, writeIpv6 } from '../wire/ipv6.ts';
import { decodeTcp, sealTcp, tcpFlag, writeTcp } from '../wire/tcp.ts';
import { decodeUdp, sealUdp, writeUdp } from '../wire/udp.ts';

/** How a host on the fake wire behaves. Ports that are not named are closed. */
export interface WireHost {
  readonly tcp?: Readonly<Record<number, 'open' | 'closed' | 'drop'>>;
  readonly otherTcp?: 'open' | 'closed' | 'drop';
  /** `answer` sends a datagram back, `drop` stays silent, anything else is refused by ICMP. */
  readonly udp?: Readonly<Record<number, 'answer' | 'drop'>>;
  readonly echo?: boolean;
  readonly rttMs?: number;
  /** Answers with a cookie that is not ours, or about things nobody asked. */
  readonly lies?: boolean;
  /** ICMP errors it sends: this many at once, then one a second, as Linux does. Default: without end. */
  readonly icmpBurst?: number;
}

/** One packet that the scanner sent. */
export interface WirePacket {
  readonly kind: 'arp' | 'ndp' | 'tcp' | 'udp' | 'icmp';
  readonly address: string;
  /** 0 where there is none. */
  readonly port: number;
  readonly vlan: number;
  /** Monotonic fake milliseconds. */
  readonly at: number;
}

export interface FakeWireInit {
  readonly clock: Clock;
  readonly hosts: (address: string) => WireHost | undefined;
  /** Addresses behind a gateway, which is 10.0.0.254; others are on the link. */
  readonly routed?: (address: string) => boolean;
  /** What happens to the n-th frame in either direction; default: it arrives once. */
  readonly fate?: (frame: number) => 'lose' | 'double' | 'late' | 'arrive';
  /** An error number for the n-th `send`. */
  readonly sendFault?: (call: number) => number;
}

const ourMac = '02:00:00:00:00:01';
const gateway = '10.0.0.254';
const lateMs = 40;
const slots = 64;
const slotBytes = 1600;

/** A network in memory behind a packet link: hosts answer frames with frames. Records every packet sent. */
export class FakeWire {
  readonly packets: WirePacket[] = [];
  readonly link: PacketLink;
  readonly table: NetworkTable;
  readonly #init: FakeWireInit;
  readonly #arena = new Uint8Array(slots * slotBytes);
  readonly #lengths = new Uint16Array(slots);
  readonly #incoming: { readonly at: number; readonly frame: Uint8Array }[] = [];
  readonly #refused = new Map<string, { tokens: number; at: number }>();
  #frames = 0;
  #sends = 0;
  closed = false;

  constructor(init: FakeWireInit) {
    this.#init = init;
    this.link = {
      framing: 'ethernet',
      slots,
      slotBytes,
      arena: this.#arena,
      setLength: (slot, bytes) => {
        this.#lengths[slot] = bytes;
      },
      send: (first, count) => this.#send(first, count),
      receive: (limit, onFrame) => this.#receive(limit, onFrame),
      wait: () => {},
      drops: () => 0,
      close: () => {
        this.closed = true;
      },
    };
    this.table = tableOf(init.routed ?? (() => false));
  }

  /** `tcp 10.0.0.1:80` for each packet but those that look for MACs, sorted. */
  get probed(): readonly string[] {
    return this.packets
      .filter(({ kind }) => kind !== 'arp' && kind !== 'ndp')
      .map(({ kind, address, port }) => `${kind} ${address}:${port}`)
      .sort();
  }

  #send(first: number, count: number): number {
    const fault = this.#init.sendFault?.(this.#sends) ?? 0;
    this.#sends += 1;
    if (fault < 0) return fault;
    for (let slot = first; slot < first + count; slot += 1) {
      const at = slot * slotBytes;
      this.#carry(this.#arena.slice(at, at + (this.#lengths[slot] ?? 0)));
    }
    return count;
  }

  #carry(frame: Uint8Array): void {
    const header = decodeEthernet(frame);
    if (!header) return;
    const packet = this.#note(frame, header.payloadAt, header.ethertype, header.vlan);
    const host = packet && this.#init.hosts(packet.address);
    if (!packet || this.#fate() === 'lose') return;
    if (packet.kind === 'arp' && packet.address === gateway) return this.#answerArp(frame, header.payloadAt, 0);
    if (!host) return;
    const { rttMs = 1 } = host;
    if (packet.kind === 'arp') this.#answerArp(frame, header.payloadAt, rttMs);
    else if (packet.kind === 'tcp') this.#answerTcp(frame, header.payloadAt, packet, host);
    else if (packet.kind === 'udp') this.#answerUdp(frame, header.payloadAt, packet, host);
    else if (packet.kind === 'icmp' && host.echo) this.#answerEcho(frame, header.payloadAt, rttMs);
  }

  #note(frame: Uint8Array, at: number, type: number, vlan: number): WirePacket | null {
    const common = { vlan, at: this.#init.clock.monotonic() };
    const packet = this.#packetOf(frame, at, type);
    if (packet) this.packets.push({ ...packet, ...common });
    return packet && { ...packet, ...common };
  }

  #packetOf(frame: Uint8Array, at: number, type: number): Omit<WirePacket, 'vlan' | 'at'> | null {
    if (type === ethertype.arp) {
      const arp = decodeArp(frame, at);
      return arp && { kind: 'arp', address: formatIp({ family: 4, bits: BigInt(arp.targetIp) }), port: 0 };
    }
    const four = type === ethertype.ipv4 ? decodeIpv4(frame, at) : null;
    const six = type === ethertype.ipv6 ? decodeIpv6(frame, at) : null;
    const ip = four ?? six;
    if (!ip) return null;
    const address = four
      ? formatIp({ family: 4, bits: BigInt(four.destination) })
      : ipv6Text(frame, six?.destinationAt);
    if (ip.protocol === ipProtocol.icmpv6 && frame[ip.payloadAt] === 135)
      return { kind: 'ndp', address: ipv6Text(frame, ip.payloadAt + 8), port: 0 };
    const port = read16(frame, ip.payloadAt + 2);
    if (ip.protocol === ipProtocol.tcp) return { kind: 'tcp', address, port };
    if (ip.protocol === ipProtocol.udp) return { kind: 'udp', address, port };
    return { kind: 'icmp', address, port: 0 };
  }

  #answerArp(frame: Uint8Array, at: number, rttMs: number): void {
    const arp = decodeArp(frame, at);
    if (!arp) return;
    const mac = Uint8Array.of(2, 0, ...frame.subarray(at + arpAt.targetIp, at + arpAt.targetIp + 4));
    const reply = new Uint8Array(64);
    const payload = writeEthernet(reply, 0, { destination: mac, source: mac, ethertype: ethertype.arp, vlan: -1 });
    const end = writeArp(reply, payload, {
      operation: arpOperation.reply,
      senderMac: mac,
      senderIp: arp.targetIp,
      targetMac: frame.slice(6, 12),
      targetIp: arp.senderIp,
    });
    this.#arrive(reply.slice(0, end), rttMs);
  }

  #answerTcp(frame: Uint8Array, at: number, { port }: WirePacket, host: WireHost): void {
    const ip = this.#ip(frame, at);
    const tcp = decodeTcp(frame, ip.payloadAt);
    const state = host.tcp?.[port] ?? host.otherTcp ?? 'closed';
    if (!tcp || state === 'drop') return;
    const asked = (tcp.flags & tcpFlag.syn) !== 0;
    const flags = asked ? (state === 'open' ? tcpFlag.syn : tcpFlag.rst) | tcpFlag.ack : tcpFlag.rst;
    const segment = new Uint8Array(20);
    writeTcp(segment, 0, {
      sourcePort: port,
      destinationPort: tcp.sourcePort,
      sequence: asked ? 7 : tcp.acknowledgement,
      acknowledgement: (tcp.sequence + 1 + (host.lies ? 1234 : 0)) >>> 0,
      flags,
      window: 1000,
      urgent: 0,
      options: new Uint8Array(0),
    });
    sealTcp(segment, 0, 20, ip.pseudo(ipProtocol.tcp, 20));
    this.#reply(ip, ipProtocol.tcp, segment, host.rttMs ?? 1);
  }

  #answerUdp(frame: Uint8Array, at: number, { port, address }: WirePacket, host: WireHost): void {
    const ip = this.#ip(frame, at);
    const udp = decodeUdp(frame, ip.payloadAt);
    const state = host.udp?.[port];
    if (!udp || state === 'drop') return;
    if (state === undefined) return this.#refuse(frame.slice(at), ip, address, host);
    const datagram = new Uint8Array(12);
    const ours = udp.sourcePort + (host.lies ? 1 : 0);
    writeUdp(datagram, 0, { sourcePort: port, destinationPort: ours, payload: new Uint8Array(4) });
    sealUdp(datagram, 0, 12, ip.pseudo(ipProtocol.udp, 12));
    this.#reply(ip, ipProtocol.udp, datagram, host.rttMs ?? 1);
  }

  /** ICMP port unreachable, as often as Linux would. */
  #refuse(quoted: Uint8Array, ip: FakeIp, address: string, host: WireHost): void {
    const now = this.#init.clock.monotonic();
    const burst = host.icmpBurst ?? Number.POSITIVE_INFINITY;
    const bucket = this.#refused.get(address) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / 1000);
    this.#refused.set(address, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    if (tokens < 1) return;
    const error = new Uint8Array(8 + 28);
    error[0] = 3;
    error[1] = 3;
    error.set(quoted.subarray(0, 28), 8);
    if (host.lies) error[8 + 20] = (error[8 + 20] ?? 0) ^ 1;
    this.#reply(ip, ipProtocol.icmp, error, host.rttMs ?? 1);
  }

  #answerEcho(frame: Uint8Array, at: number, rttMs: number): void {
    const ip = this.#ip(frame, at);
    if (frame[ip.payloadAt] !== 8) return;
    const echo = frame.slice(ip.payloadAt);
    echo[0] = 0;
    this.#reply(ip, ipProtocol.icmp, echo, rttMs);
  }

  #ip(frame: Uint8Array, at: number): FakeIp {
    const four = decodeIpv4(frame, at);
    if (four)
      return {
        payloadAt: four.payloadAt,
        pseudo: (protocol, length) => pseudoSum4(four.destination, four.source, protocol, length),
        header: (out, protocol, payloadLength) =>
          writeIpv4(out, 14, {
            source: four.destination,
            destination: four.source,
            protocol,
            ttl: 63,
            identification: 0,
            dontFragment: true,
            payloadLength,
          }),
        type: ethertype.ipv4,
      };
    const [source, destination] = [frame.slice(at + 24, at + 40), frame.slice(at + 8, at + 24)];
    return {
      payloadAt: at + 40,
      pseudo: (protocol, length) => pseudoSum6(source, destination, protocol, length),
      header: (out, nextHeader, payloadLength) =>
        writeIpv6(out, 14, { source, destination, nextHeader, hopLimit: 63, payloadLength }),
      type: ethertype.ipv6,
    };
  }

  #reply(ip: FakeIp, protocol: number, payload: Uint8Array, rttMs: number): void {
    const frame = new Uint8Array(14 + 40 + payload.length);
    const mac = new Uint8Array(6);
    writeEthernet(frame, 0, { destination: mac, source: mac, ethertype: ip.type, vlan: -1 });
    const at = ip.header(frame, protocol, payload.length);
    frame.set(payload, at);
    if (protocol === ipProtocol.icmp) write16(frame, at + 2, 0);
    this.#arrive(frame.slice(0, at + payload.length), rttMs);
  }

  #arrive(frame: Uint8Array, rttMs: number): void {
    const fate = this.#fate();
    if (fate === 'lose') return;
    const at = this.#init.clock.monotonic() + rttMs + (fate === 'late' ? lateMs : 0);
    this.#incoming.push({ at, frame });
    if (fate === 'double') this.#incoming.push({ at: at + 3, frame });
  }

  #fate(): string {
    this.#frames += 1;
    return this.#init.fate?.(this.#frames) ?? 'arrive';
  }

  #receive(limit: number, onFrame: (bytes: Uint8Array, vlan: number) => void): number {
    const now = this.#init.clock.monotonic();
    const due = this.#incoming.filter(({ at }) => at <= now).slice(0, limit);
    for (const each of due) {
      this.#incoming.splice(this.#incoming.indexOf(each), 1);
      onFrame(each.frame, -1);
    }
    return due.length;
  }
}

interface FakeIp {
  readonly payloadAt: number;
  readonly type: number;
  readonly pseudo: (protocol: number, length: number) => number;
  readonly header: (out: Uint8Array, protocol: number, payloadLength: number) => number;
}

const linkInfo: LinkInfo = {
  index: 2,
  name: 'wire0',
  up: true,
  loopback: false,
  framing: 'ethernet',
  mac: ourMac,
  mtu: 1500,
  vlan: null,
  addresses: [
    { address: '10.0.0.253', prefix: 16 },
    { address: 'fd00::fd', prefix: 64 },
  ],
};

function tableOf(routed: (address: string) => boolean): NetworkTable {
  return {
    links: () => [linkInfo],
    routeTo: (address) => ({
      link: linkInfo,
      source: address.includes(':') ? 'fd00::fd' : '10.0.0.253',
      gateway: routed(address) ? gateway : null,
      local: false,
    }),
    neighbour: () => null,
    routes: () => [{ prefix: '10.0.0.0/16', gateway: null, linkIndex: 2 }],
  };
}
