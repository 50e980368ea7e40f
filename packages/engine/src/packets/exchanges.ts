import type { IpAddress } from '@picket/base/ip';
import { addressText, macText } from '../wire/address-bytes.ts';
import { write16, write32 } from '../wire/big-endian.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { type TcpHeader, tcpFlag, tcpLength } from '../wire/tcp.ts';
import type { AddressKey } from './address-book.ts';
import type { Arrival, IcmpError } from './frame-reader.ts';
import type { FramePlace, Frames } from './frames.ts';
import type { LoopRequest } from './messages.ts';
import type { PacketAnswer } from './packet-prober.ts';
import type { SourcePorts } from './source-ports.ts';

export type ExchangeRequest = Extract<LoopRequest, { kind: 'exchange' }>;

/** One exchange under way. */
export interface Exchange {
  readonly id: number;
  readonly request: ExchangeRequest['request'];
  readonly to: AddressKey;
  readonly address: IpAddress;
  /** Our port, or the sequence number of an echo. */
  readonly tag: number;
  readonly answers: PacketAnswer[];
  /** Loop time of the packet; -1 before. */
  sentAt: number;
  /** The target is a neighbour: its frames carry its own MAC. */
  onLink: boolean;
  readonly sequence: number;
}

const mostPayload = 512;
/** Sequence numbers of echoes from here on belong to exchanges. */
const firstTag = 0x8000;
const defaultWindow = 1024;

/** Single packets and their answers, for those who look closely at one host. Answers are matched by a port or number of their own. */
export class Exchanges {
  readonly #ports: SourcePorts;
  readonly #underWay = new Map<number, Exchange>();
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #done: (exchange: Exchange) => void;

  constructor(init: {
    readonly ports: SourcePorts;
    readonly now: () => number;
    /** A 32-bit number. */
    readonly random: () => number;
    readonly done: (exchange: Exchange) => void;
  }) {
    this.#ports = init.ports;
    this.#now = init.now;
    this.#random = init.random;
    this.#done = init.done;
  }

  get size(): number {
    return this.#underWay.size;
  }

  /** Takes an exchange up; null when its number is in use (a thousand are under way). */
  begin(request: ExchangeRequest, to: AddressKey, address: IpAddress): Exchange | null {
    const slot = request.id % 1024;
    if (this.#underWay.has(slot)) return null;
    const { probe, flow } = request.request;
    const byPort = probe.kind === 'tcp' || probe.kind === 'udp';
    const tag = byPort ? this.#ports.exchange(flow === undefined ? slot : flowSlot(to, flow)) : firstTag + slot;
    const exchange = {
      id: request.id,
      request: request.request,
      to,
      address,
      tag,
      answers: [],
      sentAt: -1,
      onLink: false,
      sequence: this.#random(),
    };
    this.#underWay.set(slot, exchange);
    return exchange;
  }

  /** Ends those whose time is over. */
  expire(now: number): void {
    for (const exchange of this.#underWay.values())
      if (exchange.sentAt >= 0 && now - exchange.sentAt >= exchange.request.timeoutMs) this.end(exchange);
  }

  end(exchange: Exchange): void {
    if (this.#underWay.delete(exchange.id % 1024)) this.#done(exchange);
  }

  /** Writes the packet; returns the frame's length. */
  write(exchange: Exchange, frames: Frames, place: FramePlace, echoId: number): number {
    const { hopLimit } = exchange.request;
    const length = this.#writeProbe(exchange, frames, place, echoId);
    if (hopLimit !== undefined) frames.setHopLimit(place, hopLimit);
    return length;
  }

  tcp(arrival: Arrival, header: TcpHeader, payloadEnd: number): void {
    const exchange = this.#byPort('tcp', header.destinationPort, arrival.from);
    if (!exchange) return;
    const { probe } = exchange.request;
    if (probe.kind !== 'tcp' || probe.port !== header.sourcePort) return;
    const { flags, window, sequence, acknowledgement, optionsAt, payloadAt } = header;
    const options = arrival.bytes.slice(optionsAt, payloadAt);
    this.#add(exchange, arrival, {
      kind: 'tcp',
      tcp: { flags, window, sequence, acknowledgement, options },
      payload: arrival.bytes.slice(payloadAt, Math.min(payloadEnd, payloadAt + mostPayload)),
    });
  }

  udp(
    arrival: Arrival,
    ports: { readonly sourcePort: number; readonly destinationPort: number },
    payloadAt: number,
    payloadEnd: number,
  ): void {
    const exchange = this.#byPort('udp', ports.destinationPort, arrival.from);
    if (!exchange) return;
    const payload = arrival.bytes.slice(payloadAt, Math.min(payloadEnd, payloadAt + mostPayload));
    this.#add(exchange, arrival, { kind: 'udp', payload });
  }

  echo(arrival: Arrival, sequence: number, payloadAt: number, payloadEnd: number): void {
    const exchange = this.#byTag(sequence);
    if (!exchange || exchange.to !== arrival.from) return;
    const payload = arrival.bytes.slice(payloadAt, Math.min(payloadEnd, payloadAt + mostPayload));
    this.#add(exchange, arrival, { kind: 'icmp-echo-reply', payload });
  }

  timestamp(arrival: Arrival, sequence: number): void {
    const exchange = this.#byTag(sequence);
    if (exchange?.to !== arrival.from) return;
    if (exchange) this.#add(exchange, arrival, { kind: 'icmp-timestamp-reply', payload: new Uint8Array(0) });
  }

  /** True when the error is about a packet of an exchange. */
  error(arrival: Arrival, { kind, code, quoted, to }: IcmpError): boolean {
    const { protocol, sourcePort, sequence } = quoted;
    const exchange =
      protocol === ipProtocol.tcp || protocol === ipProtocol.udp
        ? this.#byPort(protocol === ipProtocol.tcp ? 'tcp' : 'udp', sourcePort, to)
        : this.#byTag(sequence & 0xffff);
    if (!exchange || exchange.to !== to) return false;
    if (protocol === ipProtocol.tcp && sequence !== exchange.sequence) return false;
    this.#add(exchange, arrival, { kind, code, payload: new Uint8Array(0) });
    return true;
  }

  #writeProbe(exchange: Exchange, frames: Frames, place: FramePlace, echoId: number): number {
    const { probe } = exchange.request;
    const { to, tag } = exchange;
    switch (probe.kind) {
      case 'tcp':
        return frames.segment(place, to, segmentOf(exchange, probe));
      case 'udp':
        return frames.udp(place, to, ((tag << 16) | probe.port) >>> 0, probe.payload);
      case 'icmp-echo': {
        const payload = probe.payload ?? echoPayload(tag, exchange.request.flow !== undefined);
        return frames.echo(place, to, { identifier: echoId, sequence: tag, payload, code: probe.code ?? 0 });
      }
      case 'icmp-timestamp':
        return frames.timestamp(place, to, { identifier: echoId, sequence: tag, originate: exchange.sequence });
    }
  }

  #byPort(kind: 'tcp' | 'udp', port: number, to: AddressKey): Exchange | undefined {
    const fits = (each: Exchange) => each.tag === port && each.to === to && each.request.probe.kind === kind;
    const own = this.#underWay.get(port - this.#ports.exchange(0));
    if (own && fits(own)) return own;
    // Packets of a flow share a port. The last one asked is meant: nobody waits for two of a flow at once.
    return [...this.#underWay.values()].findLast(fits);
  }

  #byTag(sequence: number): Exchange | undefined {
    const exchange = this.#underWay.get(sequence - firstTag);
    return exchange?.request.probe.kind.startsWith('icmp') ? exchange : undefined;
  }

  #add(
    exchange: Exchange,
    arrival: Arrival,
    what: Pick<PacketAnswer, 'kind' | 'payload'> & Partial<Pick<PacketAnswer, 'code' | 'tcp'>>,
  ): void {
    if (exchange.sentAt < 0) return;
    const { bytes, fromAt, version, hopLimit, macAt, dontFragment, identification } = arrival;
    exchange.answers.push({
      from: addressText(bytes.slice(fromAt, fromAt + (version === 4 ? 4 : 16))) ?? '',
      rttMs: Math.max(0, this.#now() - exchange.sentAt),
      hopLimit,
      ...(version === 4 ? { dontFragment, identification } : {}),
      ...(macAt < 0 || !exchange.onLink ? {} : { mac: macText(bytes, macAt) }),
      ...what,
    });
    if (exchange.answers.length >= (exchange.request.maxAnswers ?? 1)) this.end(exchange);
  }
}

/** The port of a flow, counted from the first of those for exchanges. */
function flowSlot(to: AddressKey, flow: number): number {
  return ((to % 1021) + flow * 7) % 1024;
}

/** In a flow the sequence number, which tells packets apart, is made up for in the payload, so that all have the same checksum. */
function echoPayload(sequence: number, inFlow: boolean): Uint8Array {
  const payload = new Uint8Array(16);
  if (inFlow) write16(payload, 0, 0xffff - sequence);
  return payload;
}

function segmentOf(
  { tag, sequence }: Exchange,
  probe: Extract<ExchangeRequest['request']['probe'], { kind: 'tcp' }>,
): Uint8Array {
  const options = probe.options ?? new Uint8Array(0);
  const segment = new Uint8Array(tcpLength + options.length);
  write16(segment, 0, tag);
  write16(segment, 2, probe.port);
  write32(segment, 4, sequence);
  write32(segment, 8, (probe.flags & tcpFlag.ack) === 0 ? 0 : (sequence ^ 0x5a5a5a5a) >>> 0);
  segment[12] = (segment.length / 4) << 4;
  segment[13] = probe.flags;
  write16(segment, 14, probe.window ?? defaultWindow);
  segment.set(options, tcpLength);
  return segment;
}
