import type { TlsVersion } from '@picket/checks/check';
import type { Random } from '@picket/base/random';

/** Protocol versions on the wire (RFC 6101, 2246, 4346, 5246, 8446). */
export const versionCodes: Readonly<Record<TlsVersion, number>> = {
  ssl30: 0x0300,
  tls10: 0x0301,
  tls11: 0x0302,
  tls12: 0x0303,
  tls13: 0x0304,
};

export interface HelloOffer {
  readonly version: TlsVersion;
  readonly ciphers: readonly number[];
  /** For the server name extension (RFC 6066 section 3); null: none. */
  readonly serverName: string | null;
}

const uint16 = (value: number) => [(value >> 8) & 255, value & 255];
const vector8 = (bytes: readonly number[]) => [bytes.length, ...bytes];
const vector16 = (bytes: readonly number[]) => [...uint16(bytes.length), ...bytes];
const extension = (type: number, data: readonly number[]) => [...uint16(type), ...vector16(data)];

/**
 * A TLS record with a ClientHello that offers one version only (RFC 5246 section 7.4.1.2): the platform's library refuses
 * the old ones, and finding them is the point. It cannot finish a handshake; the server's first answer is enough.
 */
export function clientHello(offer: HelloOffer, random: Random): Uint8Array {
  const code = versionCodes[offer.version];
  const legacy = Math.min(code, 0x0303);
  const body = [
    ...uint16(legacy),
    ...random.bytes(32),
    ...vector8(offer.version === 'tls13' ? [...random.bytes(32)] : []),
    ...vector16(offer.ciphers.flatMap(uint16)),
    ...vector8([0]),
    ...(offer.version === 'ssl30' ? [] : vector16(extensions(offer, random))),
  ];
  const handshake = [1, 0, ...uint16(body.length), ...body];
  return Uint8Array.from([22, ...uint16(Math.min(legacy, 0x0301)), ...vector16(handshake)]);
}

function extensions(offer: HelloOffer, random: Random): number[] {
  const name = offer.serverName === null ? [] : [...new TextEncoder().encode(offer.serverName)];
  const groups = [0x001d, 0x0017, 0x0018, 0x0019, 0x0100];
  const signatures = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202];
  return [
    ...(name.length === 0 ? [] : extension(0, vector16([0, ...vector16(name)]))),
    ...extension(10, vector16(groups.flatMap(uint16))),
    ...extension(11, vector8([0])),
    ...(versionCodes[offer.version] >= 0x0303 ? extension(13, vector16(signatures.flatMap(uint16))) : []),
    ...(offer.version === 'tls13' ? tls13Extensions(random) : []),
  ];
}

/** Supported versions and an X25519 key share (RFC 8446 sections 4.2.1 and 4.2.8): any 32 bytes are a public key. */
function tls13Extensions(random: Random): number[] {
  const share = [...uint16(0x001d), ...vector16([...random.bytes(32)])];
  return [...extension(43, vector8(uint16(0x0304))), ...extension(51, vector16(share))];
}

export type HelloReply =
  | { readonly kind: 'hello'; readonly version: number; readonly cipher: number }
  /** The server refused: alert description (RFC 5246 section 7.2). */
  | { readonly kind: 'alert'; readonly description: number }
  | { readonly kind: 'more' }
  | { readonly kind: 'other' };

/** Reads the server's first record: a ServerHello, an alert, or something that is no TLS. Total. */
export function readServerHello(bytes: Uint8Array): HelloReply {
  const type = bytes[0];
  if (type === undefined) return { kind: 'more' };
  if ((type !== 21 && type !== 22) || (bytes[1] ?? 3) !== 3) return { kind: 'other' };
  const at = (offset: number) => bytes[offset] ?? 0;
  const length = (at(3) << 8) | at(4);
  if (type === 21) return bytes.length < 7 ? { kind: 'more' } : { kind: 'alert', description: at(6) };
  // Record header 5, handshake header 4, version 2, random 32, session id 1 + n, cipher 2.
  const sessionEnd = 44 + at(43);
  if (bytes.length < 44 || bytes.length < sessionEnd + 3) return length < 42 ? { kind: 'other' } : { kind: 'more' };
  if (at(5) !== 2) return { kind: 'other' };
  const cipher = (at(sessionEnd) << 8) | at(sessionEnd + 1);
  return { kind: 'hello', version: negotiated(bytes, sessionEnd + 3, (at(9) << 8) | at(10)), cipher };
}

/** TLS 1.3 names itself in an extension only (RFC 8446 section 4.1.3). */
function negotiated(bytes: Uint8Array, start: number, legacy: number): number {
  const at = (offset: number) => bytes[offset] ?? 0;
  const end = Math.min(bytes.length, start + 2 + ((at(start) << 8) | at(start + 1)));
  for (let offset = start + 2; offset + 4 <= end; ) {
    const type = (at(offset) << 8) | at(offset + 1);
    if (type === 43) return (at(offset + 4) << 8) | at(offset + 5);
    offset += 4 + ((at(offset + 2) << 8) | at(offset + 3));
  }
  return legacy;
}
