import { u16be } from '../services/bytes.ts';

/** What a ServerKeyExchange message tells (RFC 5246 section 7.4.3, RFC 8422 section 5.4). */
export interface KeyExchange {
  /** Named curve of an elliptic exchange, else null. */
  readonly group: number | null;
  /** Size of the prime of a finite-field exchange, bits; null for an elliptic one. */
  readonly dhBits: number | null;
  /** Signature scheme; null when unsigned (anon) or older than TLS 1.2, which does not name it. */
  readonly signature: number | null;
}

/** Reads a ServerKeyExchange of a suite with this IANA name. Total; null when cut or of an exchange that is not read. */
export function decodeKeyExchange(body: Uint8Array, suite: string, tls12: boolean): KeyExchange | null {
  if (/^TLS_ECDHE?_(?!PSK)/.test(suite)) return elliptic(body, tls12 && !suite.includes('_anon_'));
  if (/^TLS_DHE?_(?!PSK)/.test(suite)) return finiteField(body, tls12 && !suite.includes('_anon_'));
  return null;
}

function elliptic(body: Uint8Array, named: boolean): KeyExchange | null {
  const point = body[3];
  // curve type 3: a named curve; explicit ones (1, 2) are not read.
  if (body[0] !== 3 || point === undefined || body.length < 4 + point) return null;
  return { group: u16be(body, 1), dhBits: null, signature: named ? signatureAt(body, 4 + point) : null };
}

function finiteField(body: Uint8Array, named: boolean): KeyExchange | null {
  const primeLength = u16be(body, 0);
  if (primeLength < 0 || body.length < 2 + primeLength) return null;
  const prime = body.subarray(2, 2 + primeLength);
  const generatorLength = u16be(body, 2 + primeLength);
  if (generatorLength < 0) return null;
  const publicAt = 4 + primeLength + generatorLength;
  const publicLength = u16be(body, publicAt);
  if (publicLength < 0 || body.length < publicAt + 2 + publicLength) return null;
  const signature = named ? signatureAt(body, publicAt + 2 + publicLength) : null;
  return { group: null, dhBits: bitLength(prime), signature };
}

function signatureAt(body: Uint8Array, at: number): number | null {
  const scheme = u16be(body, at);
  return scheme < 0 ? null : scheme;
}

/** Bits of an unsigned big-endian number. */
export function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first < 0) return 0;
  return (bytes.length - first - 1) * 8 + (32 - Math.clz32(bytes[first] ?? 0));
}
