import { fromBytes } from '@picket/checks/byte-string';
import { u16be } from '../../services/bytes.ts';
import { extensionTypes } from '../extension-types.ts';

/** What the fingerprint takes from the answer to one hello. */
export interface JarmAnswer {
  readonly cipher: number;
  /** Version of the ServerHello's own field, not that of an extension. */
  readonly version: number;
  /** Protocol that ALPN agreed on, bytes as text; empty without. */
  readonly protocol: string;
  /** Types of the extensions as they stand. */
  readonly extensions: readonly number[];
}

/** Extensions that are counted. */
const extensionLimit = 256;

/**
 * Reads a ServerHello (RFC 5246 section 7.4.1.3) that begins the answer. Null: an alert came first, even one of no weight, or
 * something that is no TLS, or nothing: the fingerprint makes no difference between them. Total.
 *
 *     record: type 1 (22), version 2, length 2 | message: type 1 (2), length 3 | version 2, random 32, session id 1 + n,
 *     cipher 2, compression 1, extensions 2 + n (may be absent)
 */
export function decodeJarmAnswer(bytes: Uint8Array): JarmAnswer | null {
  if (bytes[0] !== 22 || bytes[5] !== 2) return null;
  const length = u16be(bytes, 7);
  if (length < 0 || bytes[6] !== 0) return null;
  const hello = bytes.subarray(9, Math.min(9 + length, 5 + Math.max(0, u16be(bytes, 3))));
  const sessionLength = hello[34];
  if (sessionLength === undefined) return null;
  const cipher = u16be(hello, 35 + sessionLength);
  if (cipher < 0) return null;
  return { cipher, version: u16be(hello, 0), ...extensionsOf(hello, 38 + sessionLength) };
}

function extensionsOf(hello: Uint8Array, start: number): Pick<JarmAnswer, 'protocol' | 'extensions'> {
  const extensions: number[] = [];
  let protocol: string | null = null;
  const end = Math.min(hello.length, start + 2 + Math.max(0, u16be(hello, start)));
  for (let at = start + 2; at + 4 <= end && extensions.length < extensionLimit; ) {
    const type = u16be(hello, at);
    const size = u16be(hello, at + 2);
    extensions.push(type);
    // Length of the list and length of its one name come first (RFC 7301 section 3.1).
    if (type === extensionTypes.alpn) protocol ??= fromBytes(hello.subarray(at + 7, Math.min(end, at + 4 + size)));
    at += 4 + size;
  }
  return { protocol: protocol ?? '', extensions };
}

/** Whether enough has come to read the answer: its first record, or the proof that it is none. */
export function isJarmAnswer(received: Uint8Array): boolean {
  if (received.length === 0) return false;
  if (received[0] !== 22) return true;
  const length = u16be(received, 3);
  return length >= 0 && received.length >= 5 + length;
}
