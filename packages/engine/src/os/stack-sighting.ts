import type { PacketAnswer } from '../packets/packet-prober.ts';
import { readTcpOptions } from './tcp-options.ts';

/** Answers of one host to the packets of `ask-stack.ts`; null where none came. */
export interface StackAnswers {
  /** To a SYN with common options on an open port. */
  readonly synAck: PacketAnswer | null;
  /** To the same with ECE and CWR set (RFC 3168 section 6.1.1). */
  readonly ecnSynAck: PacketAnswer | null;
  /** To a SYN on a closed port. */
  readonly reset: PacketAnswer | null;
  readonly echo: PacketAnswer | null;
  readonly timestamp: PacketAnswer | null;
}

/** How a TCP/IP stack answered, as one line that fingerprints of the database `tcp.stack` judge. */
export interface StackSighting {
  /**
   * `syn-ack ttl=64 df=1 id=0 win=65160 wmss=45 mss=1460 ws=7 opts=mss,sack,ts,nop,ws; ecn=1; rst ttl=64 df=1 id=0 win=0; echo ttl=64 df=0;
   * timestamp=1`. `ttl` is the initial value that fits best (32, 64, 128, 255), `wmss` the window in full segments or `-`, `df` and `id` are `-` in
   * IPv6; what was not answered is left out.
   */
  readonly line: string;
  /** Routers on the way, as far as the hop limit tells. */
  readonly distance: number;
}

const flagAck = 16;
const flagEce = 64;
const flagReset = 4;
const flagSyn = 2;

/** Null when nothing at all came. Total. */
export function stackSighting(answers: StackAnswers): StackSighting | null {
  const parts = [
    synAckPart(answers.synAck),
    ecnPart(answers.ecnSynAck),
    resetPart(answers.reset),
    echoPart(answers.echo),
  ];
  if (answers.timestamp?.kind === 'icmp-timestamp-reply') parts.push('timestamp=1');
  const told = parts.filter((part) => part !== null);
  const first = [answers.synAck, answers.ecnSynAck, answers.reset, answers.echo].find((answer) => answer !== null);
  if (told.length === 0 || !first) return null;
  return { line: told.join('; '), distance: initialHopLimit(first.hopLimit) - first.hopLimit };
}

/** The smallest common initial value (RFC 1700's 64, and 32, 128, 255 as systems use them) that is not below what arrived. */
export function initialHopLimit(arrived: number): number {
  return [32, 64, 128].find((initial) => arrived <= initial) ?? 255;
}

function synAckPart(answer: PacketAnswer | null): string | null {
  const tcp = answer?.tcp;
  if (!answer || !tcp || (tcp.flags & (flagSyn | flagAck | flagReset)) !== (flagSyn | flagAck)) return null;
  const options = readTcpOptions(tcp.options);
  return [
    'syn-ack',
    ...ipFields(answer),
    `win=${tcp.window}`,
    `wmss=${segments(tcp.window, options.mss, options.timestamps)}`,
    `mss=${options.mss ?? '-'}`,
    `ws=${options.windowScale ?? '-'}`,
    `opts=${options.order || '-'}`,
  ].join(' ');
}

/** A window as a number of full segments; timestamps take 12 bytes of each. */
function segments(window: number, mss: number | null, timestamps: boolean): string {
  const size = (mss ?? 0) - (timestamps ? 12 : 0);
  return size > 0 && window > 0 && window % size === 0 ? String(window / size) : '-';
}

function ecnPart(answer: PacketAnswer | null): string | null {
  const flags = answer?.tcp?.flags ?? 0;
  return (flags & (flagSyn | flagAck)) === (flagSyn | flagAck) ? `ecn=${(flags & flagEce) === 0 ? 0 : 1}` : null;
}

function resetPart(answer: PacketAnswer | null): string | null {
  if (!answer?.tcp || (answer.tcp.flags & flagReset) === 0) return null;
  return ['rst', ...ipFields(answer), `win=${answer.tcp.window}`].join(' ');
}

function echoPart(answer: PacketAnswer | null): string | null {
  return answer?.kind === 'icmp-echo-reply' ? ['echo', ...ipFields(answer)].join(' ') : null;
}

function ipFields(answer: PacketAnswer): string[] {
  const df = answer.dontFragment === undefined ? '-' : answer.dontFragment ? '1' : '0';
  const id = answer.identification === undefined ? '-' : answer.identification === 0 ? '0' : 'x';
  return [`ttl=${initialHopLimit(answer.hopLimit)}`, `df=${df}`, `id=${id}`];
}
