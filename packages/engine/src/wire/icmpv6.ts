import { read16, read32, write16 } from './big-endian.ts';
import { addWords, checksumOf } from './checksum.ts';
import { decodeQuoted, type QuotedPacket } from './quoted-packet.ts';

/**
 * ICMPv6 echo and errors (RFC 4443): 0 type, 1 code, 2 checksum, 4 identifier and sequence, MTU, pointer or unused, 8 data or quoted packet.
 * Neighbour discovery and multicast listeners have files of their own.
 */
export type Icmpv6Message =
  | {
      readonly kind: 'echo-request' | 'echo-reply';
      readonly identifier: number;
      readonly sequence: number;
      readonly payloadAt: number;
    }
  | {
      readonly kind: 'unreachable' | 'packet-too-big' | 'time-exceeded' | 'parameter-problem';
      readonly code: number;
      /** Of "packet too big", else 0. */
      readonly mtu: number;
      readonly quoted: QuotedPacket | null;
    }
  | { readonly kind: 'other'; readonly type: number; readonly code: number };

/** Types of RFC 4443, 4861, 2710 and 3810. */
export const icmpv6Type = {
  unreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echoRequest: 128,
  echoReply: 129,
  listenerQuery: 130,
  listenerReport: 131,
  listenerDone: 132,
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighbourSolicitation: 135,
  neighbourAdvertisement: 136,
  listenerReportV2: 143,
} as const;

export const icmpv6Length = 8;
/** Places of the fields that a template changes, from the start of the message. */
export const icmpv6At = { checksum: 2, identifier: 4, sequence: 6 } as const;

const errorKinds = ['unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem'] as const;

/** Total: null when the message is cut. */
export function decodeIcmpv6(bytes: Uint8Array, at = 0, end = bytes.length): Icmpv6Message | null {
  if (at + icmpv6Length > end) return null;
  const type = bytes[at] ?? 0;
  const code = bytes[at + 1] ?? 0;
  if (type === icmpv6Type.echoRequest || type === icmpv6Type.echoReply) {
    return {
      kind: type === icmpv6Type.echoReply ? 'echo-reply' : 'echo-request',
      identifier: read16(bytes, at + icmpv6At.identifier),
      sequence: read16(bytes, at + icmpv6At.sequence),
      payloadAt: at + icmpv6Length,
    };
  }
  const kind = errorKinds[type - 1];
  if (kind === undefined) return { kind: 'other', type, code };
  return {
    kind,
    code,
    mtu: kind === 'packet-too-big' ? read32(bytes, at + 4) : 0,
    quoted: decodeQuoted(bytes, at + icmpv6Length, end),
  };
}

export interface Icmpv6EchoRecord {
  readonly identifier: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Writes an echo request with a zero checksum; returns where it ends. */
export function writeIcmpv6Echo(out: Uint8Array, at: number, record: Icmpv6EchoRecord): number {
  write16(out, at, icmpv6Type.echoRequest << 8);
  write16(out, at + icmpv6At.checksum, 0);
  write16(out, at + icmpv6At.identifier, record.identifier);
  write16(out, at + icmpv6At.sequence, record.sequence);
  out.set(record.payload, at + icmpv6Length);
  return at + icmpv6Length + record.payload.length;
}

/** Fills the checksum in, over a message that ends at `end`; `pseudoSum` is that of the same length. */
export function sealIcmpv6(out: Uint8Array, at: number, end: number, pseudoSum: number): void {
  write16(out, at + icmpv6At.checksum, 0);
  write16(out, at + icmpv6At.checksum, checksumOf(addWords(out, at, end, pseudoSum)));
}
