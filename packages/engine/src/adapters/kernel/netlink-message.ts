/**
 * Messages of rtnetlink (rtnetlink(7), linux/netlink.h): a header of 16 bytes, a fixed part that depends on the type, and attributes.
 * Numbers are in the byte order of the machine, which is little-endian on all that are supported.
 *
 *     0 length (4)  4 type (2)  6 flags (2)  8 sequence (4)  12 port (4)      attribute: 0 length (2)  2 type (2)  4 data, padded to 4
 */
export interface NetlinkMessage {
  readonly type: number;
  /** The fixed part and the attributes. */
  readonly body: Uint8Array;
}

/** Message types: `error` and `done` end an answer. */
export const netlinkType = {
  error: 2,
  done: 3,
  newLink: 16,
  getLink: 18,
  newAddress: 20,
  getAddress: 22,
  newRoute: 24,
  getRoute: 26,
  newNeighbour: 28,
  getNeighbour: 30,
} as const;

const headerBytes = 16;
const requestFlag = 1;
const dumpFlags = 0x301;
const typeMask = 0x3fff;

export interface NetlinkRequest {
  readonly type: number;
  readonly sequence: number;
  /** All entries instead of one. */
  readonly dump: boolean;
  readonly fixed: Uint8Array;
  readonly attributes: readonly { readonly type: number; readonly data: Uint8Array }[];
}

/** The bytes of a request. */
export function encodeNetlink(request: NetlinkRequest): Uint8Array {
  const attributesLength = request.attributes.reduce((sum, { data }) => sum + padded(4 + data.length), 0);
  const bytes = new Uint8Array(headerBytes + padded(request.fixed.length) + attributesLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, request.type, true);
  view.setUint16(6, request.dump ? dumpFlags : requestFlag, true);
  view.setUint32(8, request.sequence, true);
  bytes.set(request.fixed, headerBytes);
  let at = headerBytes + padded(request.fixed.length);
  for (const { type, data } of request.attributes) {
    view.setUint16(at, 4 + data.length, true);
    view.setUint16(at + 2, type, true);
    bytes.set(data, at + 4);
    at += padded(4 + data.length);
  }
  return bytes;
}

/** The messages of a datagram with this sequence number. Total: stops at the first impossible length. */
export function decodeNetlink(bytes: Uint8Array, sequence: number): NetlinkMessage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: NetlinkMessage[] = [];
  let at = 0;
  while (at + headerBytes <= bytes.length) {
    const length = view.getUint32(at, true);
    if (length < headerBytes || at + length > bytes.length) break;
    if (view.getUint32(at + 8, true) === sequence) {
      messages.push({ type: view.getUint16(at + 4, true), body: bytes.slice(at + headerBytes, at + length) });
    }
    at += padded(length);
  }
  return messages;
}

/** Attributes by type; a later one of the same type is left out. Total: stops at the first impossible length. */
export function decodeAttributes(bytes: Uint8Array, from: number): ReadonlyMap<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const attributes = new Map<number, Uint8Array>();
  let at = from;
  while (at + 4 <= bytes.length) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > bytes.length) break;
    const type = view.getUint16(at + 2, true) & typeMask;
    if (!attributes.has(type)) attributes.set(type, bytes.subarray(at + 4, at + length));
    at += padded(length);
  }
  return attributes;
}

/** A 32-bit attribute or field; null when it is missing or short. */
export function netlinkNumber(bytes: Uint8Array | undefined, at = 0): number | null {
  if (bytes === undefined || at + 4 > bytes.length) return null;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
