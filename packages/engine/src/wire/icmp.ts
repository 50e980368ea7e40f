import { read16, read32, write16, write32 } from './big-endian.ts';
import { addWords, checksumOf } from './checksum.ts';
import { decodeQuoted, type QuotedPacket } from './quoted-packet.ts';

/**
 * ICMP for IPv4 (RFC 792): 0 type, 1 code, 2 checksum, 4 rest of the header, 8 data.
 *
 *     echo:       4 identifier  6 sequence  8 data
 *     timestamp:  4 identifier  6 sequence  8 originate  12 receive  16 transmit
 *     errors:     4 unused (6: next-hop MTU of "fragmentation needed", RFC 1191)  8 quoted packet
 */
export type IcmpMessage =
  | {
      readonly kind: 'echo-request' | 'echo-reply';
      readonly code: number;
      readonly identifier: number;
      readonly sequence: number;
      readonly payloadAt: number;
    }
  | {
      readonly kind: 'timestamp-request' | 'timestamp-reply';
      readonly identifier: number;
      readonly sequence: number;
      /** Milliseconds since midnight UTC. */
      readonly originate: number;
      readonly receive: number;
      readonly transmit: number;
    }
  | {
      readonly kind: 'unreachable' | 'time-exceeded' | 'parameter-problem';
      readonly code: number;
      /** Next-hop MTU of "fragmentation needed" (code 4), else 0. */
      readonly mtu: number;
      /** Null when the quotation is too short or no packet. */
      readonly quoted: QuotedPacket | null;
    }
  | { readonly kind: 'other'; readonly type: number; readonly code: number };

/** Types of RFC 792. */
export const icmpType = {
  echoReply: 0,
  unreachable: 3,
  echoRequest: 8,
  timeExceeded: 11,
  parameterProblem: 12,
  timestampRequest: 13,
  timestampReply: 14,
} as const;

export const icmpLength = 8;
export const icmpTimestampLength = 20;
/** Places of the fields that a template changes, from the start of the message. */
export const icmpAt = { checksum: 2, identifier: 4, sequence: 6 } as const;
const fragmentationNeeded = 4;

/** Total: null when the message is cut. */
export function decodeIcmp(bytes: Uint8Array, at = 0, end = bytes.length): IcmpMessage | null {
  if (at + icmpLength > end) return null;
  const type = bytes[at] ?? 0;
  const code = bytes[at + 1] ?? 0;
  switch (type) {
    case icmpType.echoReply:
    case icmpType.echoRequest:
      return {
        kind: type === icmpType.echoReply ? 'echo-reply' : 'echo-request',
        code,
        identifier: read16(bytes, at + icmpAt.identifier),
        sequence: read16(bytes, at + icmpAt.sequence),
        payloadAt: at + icmpLength,
      };
    case icmpType.timestampRequest:
    case icmpType.timestampReply:
      return decodeTimestamp(bytes, at, end);
    case icmpType.unreachable:
    case icmpType.timeExceeded:
    case icmpType.parameterProblem:
      return {
        kind: errorKind(type),
        code,
        mtu: type === icmpType.unreachable && code === fragmentationNeeded ? read16(bytes, at + 6) : 0,
        quoted: decodeQuoted(bytes, at + icmpLength, end),
      };
    default:
      return { kind: 'other', type, code };
  }
}

function errorKind(type: number): 'unreachable' | 'time-exceeded' | 'parameter-problem' {
  if (type === icmpType.unreachable) return 'unreachable';
  return type === icmpType.timeExceeded ? 'time-exceeded' : 'parameter-problem';
}

function decodeTimestamp(bytes: Uint8Array, at: number, end: number): IcmpMessage | null {
  if (at + icmpTimestampLength > end) return null;
  return {
    kind: bytes[at] === icmpType.timestampReply ? 'timestamp-reply' : 'timestamp-request',
    identifier: read16(bytes, at + icmpAt.identifier),
    sequence: read16(bytes, at + icmpAt.sequence),
    originate: read32(bytes, at + 8),
    receive: read32(bytes, at + 12),
    transmit: read32(bytes, at + 16),
  };
}

export interface IcmpEchoRecord {
  readonly code: number;
  readonly identifier: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Writes an echo request, checksum included; returns where it ends. */
export function writeIcmpEcho(out: Uint8Array, at: number, record: IcmpEchoRecord): number {
  const end = at + icmpLength + record.payload.length;
  out[at] = icmpType.echoRequest;
  out[at + 1] = record.code;
  write16(out, at + icmpAt.identifier, record.identifier);
  write16(out, at + icmpAt.sequence, record.sequence);
  out.set(record.payload, at + icmpLength);
  sealIcmp(out, at, end);
  return end;
}

export interface IcmpTimestampRecord {
  readonly identifier: number;
  readonly sequence: number;
  /** Milliseconds since midnight UTC. */
  readonly originate: number;
}

/** Writes a timestamp request, checksum included; returns where it ends. */
export function writeIcmpTimestamp(out: Uint8Array, at: number, record: IcmpTimestampRecord): number {
  write16(out, at, icmpType.timestampRequest << 8);
  write16(out, at + icmpAt.identifier, record.identifier);
  write16(out, at + icmpAt.sequence, record.sequence);
  write32(out, at + 8, record.originate);
  write32(out, at + 12, 0);
  write32(out, at + 16, 0);
  sealIcmp(out, at, at + icmpTimestampLength);
  return at + icmpTimestampLength;
}

/** Fills the checksum in, over a message that ends at `end` (no pseudo header in IPv4). */
export function sealIcmp(out: Uint8Array, at: number, end: number): void {
  write16(out, at + icmpAt.checksum, 0);
  write16(out, at + icmpAt.checksum, checksumOf(addWords(out, at, end)));
}
