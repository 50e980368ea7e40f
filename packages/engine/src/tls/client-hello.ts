import type { TlsVersion } from '@picket/checks/protocols/tls/tls-block';
import type { Random } from '@picket/base/random';
import { allSignatures } from './signature-schemes.ts';
import { extensionTypes as types } from './extension-types.ts';
import { classicCurves, tls13Groups } from './named-groups.ts';
import { versionCodes } from './tls-version.ts';

/** A public key for TLS 1.3's key exchange. */
export interface KeyShare {
  readonly group: number;
  readonly key: Uint8Array;
}

export interface HelloOffer {
  readonly version: TlsVersion;
  readonly ciphers: readonly number[];
  /** For the server name extension (RFC 6066 section 3); null: none. */
  readonly serverName: string | null;
  /** Default: every group that the version may use. */
  readonly groups?: readonly number[];
  /** Default: every scheme. Sent with TLS 1.2 and 1.3. */
  readonly signatures?: readonly number[];
  /** TLS 1.3. Default: one for X25519 of random bytes, of which any 32 are a public key. Empty: the server names its group. */
  readonly keyShares?: readonly KeyShare[];
  readonly alpn?: readonly string[];
  /** Also offers DEFLATE (RFC 3749), tickets, stapling, heartbeat, extended master secret and encrypt-then-MAC. */
  readonly features?: boolean;
}

const uint16 = (value: number) => [(value >> 8) & 255, value & 255];
const vector8 = (bytes: readonly number[]) => [bytes.length, ...bytes];
const vector16 = (bytes: readonly number[]) => [...uint16(bytes.length), ...bytes];
const extension = (type: number, data: readonly number[]) => [...uint16(type), ...vector16(data)];
const latin = (text: string) => [...new TextEncoder().encode(text)];

/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 section 3.3): what a hello without extensions says instead. */
const renegotiationSignal = 0x00ff;

/**
 * A TLS record with a ClientHello that offers one version only (RFC 5246 section 7.4.1.2, RFC 8446 section 4.1.2): the
 * platform's library refuses the old ones, and finding them is the point.
 */
export function clientHello(offer: HelloOffer, random: Random): Uint8Array {
  const code = versionCodes[offer.version];
  const legacy = Math.min(code, 0x0303);
  const plain = offer.version === 'ssl30';
  const ciphers = plain ? [...offer.ciphers, renegotiationSignal] : offer.ciphers;
  const body = [
    ...uint16(legacy),
    ...random.bytes(32),
    ...vector8(offer.version === 'tls13' ? [...random.bytes(32)] : []),
    ...vector16(ciphers.flatMap(uint16)),
    ...vector8(offer.features === true && offer.version !== 'tls13' ? [1, 0] : [0]),
    ...(plain ? [] : vector16(extensions(offer, random))),
  ];
  const handshake = [1, 0, ...uint16(body.length), ...body];
  return Uint8Array.from([22, ...uint16(Math.min(legacy, 0x0301)), ...vector16(handshake)]);
}

function extensions(offer: HelloOffer, random: Random): number[] {
  const tls13 = offer.version === 'tls13';
  const name = offer.serverName === null ? [] : latin(offer.serverName);
  const groups = offer.groups ?? (tls13 ? tls13Groups : classicCurves);
  const signatures = offer.signatures ?? allSignatures;
  const signs = versionCodes[offer.version] >= 0x0303 && signatures.length > 0;
  const protocols = (offer.alpn ?? []).flatMap((protocol) => vector8(latin(protocol)));
  return [
    ...(name.length === 0 ? [] : extension(types.serverName, vector16([0, ...vector16(name)]))),
    ...(groups.length === 0 ? [] : extension(types.supportedGroups, vector16(groups.flatMap(uint16)))),
    ...(tls13 ? [] : extension(types.pointFormats, vector8([0]))),
    ...(signs ? extension(types.signatureAlgorithms, vector16(signatures.flatMap(uint16))) : []),
    ...(protocols.length === 0 ? [] : extension(types.alpn, vector16(protocols))),
    ...(offer.features === true ? featureExtensions(tls13) : []),
    ...(tls13 ? tls13Extensions(offer, random) : extension(types.renegotiationInfo, [0])),
  ];
}

function featureExtensions(tls13: boolean): number[] {
  return [
    ...extension(types.statusRequest, [1, 0, 0, 0, 0]),
    ...extension(types.heartbeat, [1]),
    ...(tls13
      ? []
      : [
          ...extension(types.encryptThenMac, []),
          ...extension(types.extendedMasterSecret, []),
          ...extension(types.sessionTicket, []),
        ]),
  ];
}

/** Supported versions and key shares (RFC 8446 sections 4.2.1 and 4.2.8). */
function tls13Extensions(offer: HelloOffer, random: Random): number[] {
  const shares = offer.keyShares ?? [{ group: 0x001d, key: random.bytes(32) }];
  const list = shares.flatMap(({ group, key }) => [...uint16(group), ...vector16([...key])]);
  return [...extension(types.supportedVersions, vector8(uint16(0x0304))), ...extension(types.keyShare, vector16(list))];
}
