import { read32 } from '../wire/big-endian.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { type TcpHeader, tcpFlag } from '../wire/tcp.ts';
import type { AddressKey } from './address-book.ts';
import { type AnswerReason, type CellState, cellState } from './cell-state.ts';
import type { Exchanges } from './exchanges.ts';
import type { Arrival, FrameListener, IcmpError } from './frame-reader.ts';
import type { ProbeSpec } from './probe-list.ts';
import type { ProbeWriter } from './probe-writer.ts';
import { mostPasses, type ScanTask } from './scan-task.ts';
import type { SourcePorts } from './source-ports.ts';
import type { TaskTable } from './task-table.ts';

/** An answer that carried the right cookie. */
export interface Judged {
  readonly task: ScanTask;
  readonly place: number;
  /** Index in the task's list. */
  readonly probe: number;
  readonly pass: number;
  readonly state: CellState;
  readonly reason: AnswerReason;
  readonly hopLimit: number;
  /** Bytes of the sender's MAC, when it shares the link with us. */
  readonly arrival: Arrival;
}

export interface AnswerJudgeInit {
  readonly tasks: TaskTable;
  readonly writer: ProbeWriter;
  readonly ports: SourcePorts;
  readonly echoId: number;
  readonly exchanges: Exchanges;
  readonly onAnswer: (judged: Judged) => void;
  readonly onMac: FrameListener['mac'];
}

/** RFC 1812 section 5.2.7.1: prohibited by administration. */
const prohibitedCodes = [9, 10, 13];
const portUnreachable = { 4: 3, 6: 4 } as const;
/** RFC 4443 section 3.1. */
const prohibitedCodes6 = [1, 5, 6];

/** Decides what a frame says about a question under way. Whatever lacks the cookie of that very question says nothing. */
export class AnswerJudge implements FrameListener {
  readonly #init: AnswerJudgeInit;

  constructor(init: AnswerJudgeInit) {
    this.#init = init;
  }

  mac(address: AddressKey, bytes: Uint8Array, macAt: number, kind: 'arp' | 'ndp'): void {
    this.#init.onMac(address, bytes, macAt, kind);
  }

  tcp(arrival: Arrival, header: TcpHeader, payloadEnd: number): void {
    const { ports, writer, exchanges } = this.#init;
    const pass = ports.passOf(header.destinationPort);
    if (pass < 0) return exchanges.tcp(arrival, header, payloadEnd);
    const { flags, acknowledgement, sequence, sourcePort } = header;
    const cookie = writer.tcpCookie(arrival.from, header.destinationPort, sourcePort);
    const reset = (flags & tcpFlag.rst) !== 0;
    // Some stacks forget that a SYN counts.
    const answersSyn = (flags & tcpFlag.ack) !== 0 && (acknowledgement - 1) >>> 0 === cookie;
    const answersSynBadly = reset && (flags & tcpFlag.ack) !== 0 && acknowledgement === cookie;
    const answersAck = reset && sequence === cookie;
    if (!answersSyn && !answersSynBadly && !answersAck) return;
    if (!reset && (flags & tcpFlag.syn) === 0) return;
    const answer = reset
      ? ({ state: cellState.closed, reason: 'rst' } as const)
      : ({ state: cellState.open, reason: 'syn-ack' } as const);
    const kind = answersAck && !answersSyn && !answersSynBadly ? 'ack' : 'syn';
    this.#settle(arrival, arrival.from, { kind, port: sourcePort, pass, ...answer });
  }

  udp(
    arrival: Arrival,
    ports: { readonly sourcePort: number; readonly destinationPort: number },
    payloadAt: number,
    payloadEnd: number,
  ): void {
    const pass = this.#udpPass(arrival.from, ports.sourcePort, ports.destinationPort);
    if (pass < 0) return this.#init.exchanges.udp(arrival, ports, payloadAt, payloadEnd);
    const answer = { state: cellState.open, reason: 'udp-answer' } as const;
    this.#settle(arrival, arrival.from, { kind: 'udp', port: ports.sourcePort, pass, ...answer });
  }

  echo(arrival: Arrival, sequence: number, payloadAt: number, payloadEnd: number): void {
    if (sequence >= mostPasses) return this.#init.exchanges.echo(arrival, sequence, payloadAt, payloadEnd);
    if (payloadAt + 4 > payloadEnd || arrival.from < 0) return;
    if (read32(arrival.bytes, payloadAt) !== this.#init.writer.echoCookie(arrival.from, sequence)) return;
    const answer = { state: cellState.open, reason: 'icmp-echo' } as const;
    this.#settle(arrival, arrival.from, { kind: 'echo', port: 0, pass: sequence, ...answer });
  }

  timestamp(arrival: Arrival, sequence: number, originate: number): void {
    if (sequence >= mostPasses) return this.#init.exchanges.timestamp(arrival, sequence);
    if (originate !== this.#init.writer.timestampCookie(arrival.from, sequence)) return;
    const answer = { state: cellState.open, reason: 'icmp-timestamp' } as const;
    this.#settle(arrival, arrival.from, { kind: 'timestamp', port: 0, pass: sequence, ...answer });
  }

  error(arrival: Arrival, error: IcmpError): void {
    const { quoted, to, code } = error;
    if (this.#init.exchanges.error(arrival, error)) return;
    if (error.kind === 'time-exceeded') return;
    const question = this.#quotedQuestion(error);
    if (question === null) return;
    const refusal = portUnreachable[arrival.version] === code;
    if (quoted.protocol === ipProtocol.udp && refusal && arrival.from === to) {
      this.#settle(arrival, to, { ...question, state: cellState.closed, reason: 'port-unreachable' });
      return;
    }
    const prohibited = (arrival.version === 4 ? prohibitedCodes : prohibitedCodes6).includes(code);
    const reason = prohibited ? 'icmp-prohibited' : 'icmp-unreachable';
    this.#settle(arrival, to, { ...question, state: cellState.filtered, reason });
  }

  /** The question whose packet an ICMP error quotes; null when the quotation lacks its cookie. */
  #quotedQuestion({ quoted, to }: IcmpError): { kind: ProbeSpec['kind']; port: number; pass: number } | null {
    const { writer, ports, echoId } = this.#init;
    const { protocol, sourcePort, destinationPort, sequence } = quoted;
    if (protocol === ipProtocol.tcp) {
      const pass = ports.passOf(sourcePort);
      if (pass < 0 || sequence !== writer.tcpCookie(to, sourcePort, destinationPort)) return null;
      return { kind: 'syn', port: destinationPort, pass };
    }
    if (protocol === ipProtocol.udp) {
      const pass = this.#udpPass(to, destinationPort, sourcePort);
      return pass < 0 ? null : { kind: 'udp', port: destinationPort, pass };
    }
    const pass = sequence & 0xffff;
    return sequence >>> 16 === echoId && pass < mostPasses ? { kind: 'echo', port: 0, pass } : null;
  }

  /** The pass in which we sent to `port` of `to` from `ours`, or -1 for none. */
  #udpPass(to: AddressKey, port: number, ours: number): number {
    if (to < 0) return -1;
    for (let pass = 0; pass < mostPasses; pass += 1)
      if (this.#init.writer.udpPort(to, port, pass) === ours) return pass;
    return -1;
  }

  #settle(
    arrival: Arrival,
    address: AddressKey,
    answer: { kind: ProbeSpec['kind']; port: number; pass: number; state: CellState; reason: AnswerReason },
  ): void {
    if (address < 0) return;
    this.#init.tasks.visit(address, (task, place) => {
      const probe = task.init.list.find(answer.kind, answer.port);
      // An ACK and a SYN to one port differ in nothing that an ICMP error quotes.
      const found = probe < 0 && answer.kind === 'syn' ? task.init.list.find('ack', answer.port) : probe;
      if (found < 0) return false;
      const { pass, state, reason } = answer;
      const { hopLimit } = arrival;
      this.#init.onAnswer({ task, place, probe: found, pass, state, reason, hopLimit, arrival });
      return true;
    });
  }
}
