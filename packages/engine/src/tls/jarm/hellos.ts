import type { Random } from '@picket/base/random';
import { extensionTypes as types } from '../extension-types.ts';
import { inOrder, isTls13Suite, jarmCiphers, type JarmOrder } from './cipher-order.ts';

/** One of the ten hellos of JARM. */
export interface JarmHello {
  /** Version on the wire: 0x0302 to 0x0304. */
  readonly version: number;
  readonly ciphers: JarmOrder;
  /** Leave the suites of TLS 1.3 out. */
  readonly without13?: boolean;
  /** Reserved values in the lists (RFC 8701), which a server must pass over. */
  readonly grease?: boolean;
  /** Leave the protocols out that servers know: HTTP/1.1 and HTTP/2. */
  readonly rareProtocols?: boolean;
  /** Newest entry of the supported versions; null: no such extension. */
  readonly newest: 0x0303 | 0x0304 | null;
  /** Order of protocols and supported versions. */
  readonly order: 'forward' | 'reverse';
}

/** The hellos in the order in which they are sent and judged. */
export const jarmHellos: readonly JarmHello[] = [
  { version: 0x0303, ciphers: 'forward', newest: 0x0303, order: 'reverse' },
  { version: 0x0303, ciphers: 'reverse', newest: 0x0303, order: 'forward' },
  { version: 0x0303, ciphers: 'top-half', newest: null, order: 'forward' },
  { version: 0x0303, ciphers: 'bottom-half', rareProtocols: true, newest: null, order: 'forward' },
  { version: 0x0303, ciphers: 'middle-out', grease: true, rareProtocols: true, newest: null, order: 'reverse' },
  { version: 0x0302, ciphers: 'forward', newest: null, order: 'forward' },
  { version: 0x0304, ciphers: 'forward', newest: 0x0304, order: 'reverse' },
  { version: 0x0304, ciphers: 'reverse', newest: 0x0304, order: 'forward' },
  { version: 0x0304, ciphers: 'forward', without13: true, newest: 0x0304, order: 'forward' },
  { version: 0x0304, ciphers: 'middle-out', grease: true, newest: 0x0304, order: 'reverse' },
];

/** From the weakest to the strongest, as the method has them. */
const protocols = ['http/0.9', 'http/1.0', 'http/1.1', 'spdy/1', 'spdy/2', 'spdy/3', 'h2', 'h2c', 'hq'];
const common = new Set(['http/1.1', 'h2']);

const uint16 = (value: number) => [(value >> 8) & 255, value & 255];
const vector8 = (bytes: readonly number[]) => [bytes.length, ...bytes];
const vector16 = (bytes: readonly number[]) => [...uint16(bytes.length), ...bytes];
const extension = (type: number, data: readonly number[]) => [...uint16(type), ...vector16(data)];
const bytesOf = (text: string) => [...new TextEncoder().encode(text)];

/** `host` goes into the server name extension as it is, an address as well: that is part of the method. */
export function jarmHelloBytes(hello: JarmHello, host: string, random: Random): Uint8Array {
  const legacy = Math.min(hello.version, 0x0303);
  const suites = jarmCiphers.filter((code) => hello.without13 !== true || !isTls13Suite(code));
  const body = [
    ...uint16(legacy),
    ...random.bytes(32),
    ...vector8([...random.bytes(32)]),
    ...vector16([...reserved(hello, random), ...inOrder(suites, hello.ciphers).flatMap(uint16)]),
    ...vector8([0]),
    ...vector16(extensions(hello, host, random)),
  ];
  const handshake = [1, 0, ...uint16(body.length), ...body];
  return Uint8Array.from([22, ...uint16(hello.version === 0x0304 ? 0x0301 : legacy), ...vector16(handshake)]);
}

/** One reserved value (RFC 8701 section 2), 0x0a0a to 0xfafa, where the hello has them. */
function reserved(hello: JarmHello, random: Random): readonly number[] {
  if (hello.grease !== true) return [];
  const byte = random.integer(16) * 16 + 10;
  return [byte, byte];
}

function extensions(hello: JarmHello, host: string, random: Random): number[] {
  const grease = reserved(hello, random);
  const offered = protocols.filter((name) => hello.rareProtocols !== true || !common.has(name));
  const share = [...(hello.grease ? [...reserved(hello, random), 0, 1, 0] : []), 0, 29, 0, 32, ...random.bytes(32)];
  return [
    ...(grease.length === 0 ? [] : [...grease, 0, 0]),
    ...extension(types.serverName, vector16([0, ...vector16(bytesOf(host))])),
    ...extension(types.extendedMasterSecret, []),
    ...extension(types.maxFragmentLength, [1]),
    ...extension(types.renegotiationInfo, [0]),
    ...extension(types.supportedGroups, vector16([29, 23, 24, 25].flatMap(uint16))),
    ...extension(types.pointFormats, vector8([0])),
    ...extension(types.sessionTicket, []),
    ...extension(types.alpn, vector16(inOrder(offered, hello.order).flatMap((name) => vector8(bytesOf(name))))),
    ...extension(types.signatureAlgorithms, vector16(signatures.flatMap(uint16))),
    ...extension(types.keyShare, vector16(share)),
    ...extension(types.pskModes, vector8([1])),
    ...(hello.newest === null ? [] : extension(types.supportedVersions, vector8(versions(hello, random)))),
  ];
}

const signatures = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201];

function versions(hello: JarmHello, random: Random): number[] {
  const all = [0x0301, 0x0302, 0x0303, 0x0304].filter((version) => version <= (hello.newest ?? 0));
  return [...reserved(hello, random), ...inOrder(all, hello.order).flatMap(uint16)];
}
