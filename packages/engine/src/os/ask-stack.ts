import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import type { PacketAnswer, PacketProber, PacketRequest } from '../packets/packet-prober.ts';
import { type StackSighting, stackSighting } from './stack-sighting.ts';
import { offeredOptions } from './tcp-options.ts';

const syn = 2;
/** ECN-setup SYN: SYN, ECE, CWR (RFC 3168 section 6.1.1). */
const ecnSyn = 2 + 64 + 128;
/** Shortest and longest wait for one answer, milliseconds; between them ten round trips, where one was seen. */
const waitMs = { least: 400, most: 1500 } as const;
const roundTrips = 10;
/** RFC 792 asks for the data back; 56 bytes are what ping programs send. */
const echoPayload = Uint8Array.from({ length: 56 }, (_, index) => 0x10 + index);

/** What is asked of a host's TCP/IP stack. */
export interface StackTarget {
  /** Canonical IP literal, in scope. */
  readonly address: string;
  /** A TCP port that accepts connections, and one that refuses them; null where none is known. */
  readonly openPort: number | null;
  readonly closedPort: number | null;
  /** Round trip seen before, milliseconds. */
  readonly rttHintMs?: number;
}

export interface StackTools {
  readonly prober: PacketProber;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Sends five packets (six when the first stays without an answer), all of them such as ordinary clients send: two connection openings,
 * one to a closed port, a ping and a question for the time. Null when nothing came. Rejects only for an abort.
 */
export async function askStack(target: StackTarget, tools: StackTools): Promise<StackSighting | null> {
  const { address, openPort, closedPort, rttHintMs = Number.POSITIVE_INFINITY } = target;
  const timeoutMs = Math.min(waitMs.most, Math.max(waitMs.least, rttHintMs * roundTrips));
  const options = offeredOptions(tools.random.integer(2 ** 31));
  const tcp = (port: number | null, flags: number) =>
    port === null ? null : ask({ kind: 'tcp', port, flags, window: 64_240, options });
  const ask = async (probe: PacketRequest['probe']): Promise<PacketAnswer | null> => {
    const answers = await tools.prober
      .exchange({ address, probe, timeoutMs, signal: tools.signal })
      .catch((error: unknown) => giveUp(error, tools, address));
    return answers.find((answer) => answer.from === address) ?? null;
  };
  const timestamp = address.includes(':') ? null : ask({ kind: 'icmp-timestamp' });
  const [first, ecnSynAck, reset, echo, time] = await Promise.all([
    tcp(openPort, syn),
    tcp(openPort, ecnSyn),
    tcp(closedPort, syn),
    ask({ kind: 'icmp-echo', payload: echoPayload }),
    timestamp,
  ]);
  const synAck = first ?? (ecnSynAck === null ? null : await tcp(openPort, syn));
  return stackSighting({ synAck, ecnSynAck, reset, echo, timestamp: time });
}

/** The stack is evidence among others: trouble with it is told to the log and costs no more than it. */
function giveUp(error: unknown, { signal, log }: StackTools, address: string): readonly PacketAnswer[] {
  if (signal.aborted) throw error;
  log.write('warning', 'engine.stack-not-asked', { address, message: describeError(error) });
  return [];
}
