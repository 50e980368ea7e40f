import { u16be } from '../services/bytes.ts';
import { extensionTypes } from './extension-types.ts';

/** A ServerHello (RFC 5246 section 7.4.1.3, RFC 8446 section 4.1.3). */
export interface ServerHello {
  /** What was agreed on, from the extension where TLS 1.3 puts it. */
  readonly version: number;
  readonly cipher: number;
  /** 1: DEFLATE (RFC 3749). */
  readonly compression: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly extensions: ReadonlyMap<number, Uint8Array>;
  /** A HelloRetryRequest: the server wants another key share. */
  readonly retry: boolean;
}

/** Random of a HelloRetryRequest (RFC 8446 section 4.1.3): SHA-256 of "HelloRetryRequest". */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';
const extensionLimit = 64;

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Reads the body of a ServerHello message. Total; null when it is cut or no such message. */
export function decodeServerHello(body: Uint8Array): ServerHello | null {
  // version 2, random 32, session id 1 + n, cipher 2, compression 1, extensions 2 + n (may be absent).
  const sessionLength = body[34];
  if (sessionLength === undefined || sessionLength > 32) return null;
  const after = 35 + sessionLength;
  const cipher = u16be(body, after);
  const compression = body[after + 2];
  if (cipher < 0 || compression === undefined) return null;
  const extensions = decodeExtensions(body, after + 3);
  const named = extensions.get(extensionTypes.supportedVersions);
  const random = body.slice(2, 34);
  return {
    version: named?.length === 2 ? u16be(named, 0) : u16be(body, 0),
    cipher,
    compression,
    random,
    sessionId: body.slice(35, after),
    extensions,
    retry: hexOf(random) === retryRandom,
  };
}

/** A list of extensions with its length in front (RFC 8446 section 4.2), as far as it is whole. Total. */
export function decodeExtensions(bytes: Uint8Array, start: number): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const length = u16be(bytes, start);
  if (length < 0) return found;
  const end = Math.min(bytes.length, start + 2 + length);
  for (let at = start + 2; at + 4 <= end && found.size < extensionLimit; ) {
    const size = u16be(bytes, at + 2);
    if (at + 4 + size > end) break;
    found.set(u16be(bytes, at), bytes.slice(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return found;
}

/** Group of a key share or of a HelloRetryRequest (RFC 8446 section 4.2.8), or null. */
export function sharedGroup(hello: ServerHello): number | null {
  const share = hello.extensions.get(extensionTypes.keyShare);
  const group = share === undefined ? -1 : u16be(share, 0);
  return group < 0 ? null : group;
}

/** The protocol that ALPN agreed on (RFC 7301 section 3.1): a list of one name. */
export function chosenProtocol(extensions: ReadonlyMap<number, Uint8Array>): string | null {
  const list = extensions.get(extensionTypes.alpn);
  const length = list?.[2];
  if (list === undefined || length === undefined || length === 0 || list.length < 3 + length) return null;
  return new TextDecoder('latin1').decode(list.subarray(3, 3 + length));
}
