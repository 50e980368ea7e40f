import { ownValue } from '@picket/base/own-value';
import { formatIp } from '@picket/base/ip';
import {
  bitStringBytes,
  decodeDer,
  decodeDerList,
  decodeOid,
  decodeSmallInteger,
  type DerElement,
  tags,
} from './der.ts';
import { keyUsageBits, usageNames } from './object-identifiers.ts';

/** What the extensions of a certificate say (RFC 5280 section 4.2); what is absent is null or empty. */
export interface CertificateExtensions {
  /** DNS names and addresses of the subject alternative name, in order; at most 256. */
  readonly names: readonly string[];
  /** Basic constraints: null when the extension is absent. */
  readonly authority: boolean | null;
  readonly pathLength: number | null;
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly issuerUrls: readonly string[];
  readonly crlUrls: readonly string[];
  /** Key identifiers, lower-case hex. */
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  /** Identifiers of critical extensions that are not read here. */
  readonly unknownCritical: readonly string[];
}

const nameLimit = 256;
const urlLimit = 8;
const none = new Uint8Array(0);
const latin1 = new TextDecoder('latin1');
const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Reads the content of the Extensions sequence. Total. */
export function decodeCertificateExtensions(content: Uint8Array): CertificateExtensions {
  const values = new Map<string, Uint8Array>();
  const unknownCritical: string[] = [];
  for (const extension of decodeDerList(content)) {
    const parts = decodeDerList(extension.content);
    const oid = parts[0]?.tag === tags.oid ? decodeOid(parts[0].content) : '';
    const value = parts.find((part) => part.tag === tags.octetString);
    if (oid === '' || !value || values.has(oid)) continue;
    values.set(oid, value.content);
    const critical = parts[1]?.tag === tags.boolean && parts[1].content[0] !== 0;
    if (critical && !readHere.has(oid)) unknownCritical.push(oid);
  }
  const inner = (oid: string) => decodeDer(values.get(oid) ?? none)?.content ?? none;
  const constraints = values.has(ids.basicConstraints) ? decodeDerList(inner(ids.basicConstraints)) : null;
  const length = constraints?.find((part) => part.tag === tags.integer);
  return {
    names: decodeGeneralNames(inner(ids.subjectAltName)),
    authority: constraints && (constraints[0]?.tag === tags.boolean ? constraints[0].content[0] !== 0 : false),
    pathLength: length ? decodeSmallInteger(length.content) : null,
    keyUsage: usageBits(inner(ids.keyUsage)),
    extendedKeyUsage: decodeDerList(inner(ids.extendedKeyUsage))
      .slice(0, 32)
      .map((each) => decodeOid(each.content))
      .map((oid) => ownValue(usageNames, oid) ?? oid),
    ...accessUrls(inner(ids.authorityInfoAccess)),
    crlUrls: crlUrls(inner(ids.crlDistributionPoints)),
    subjectKeyId: values.has(ids.subjectKeyId) ? hexOf(inner(ids.subjectKeyId).subarray(0, 64)) : null,
    authorityKeyId: authorityKey(inner(ids.authorityKeyId)),
    unknownCritical: unknownCritical.slice(0, 16),
  };
}

const ids = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlDistributionPoints: '2.5.29.31',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const;

/** Read above, and those that say nothing a scan reports: policies, name constraints, stapling duty. */
const readHere = new Set<string>([...Object.values(ids), '2.5.29.32', '2.5.29.30', '1.3.6.1.5.5.7.1.24']);

/** DNS names, addresses and mail addresses among GeneralNames (RFC 5280 section 4.2.1.6). */
function decodeGeneralNames(content: Uint8Array): string[] {
  return decodeDerList(content)
    .flatMap((name) => generalName(name) ?? [])
    .slice(0, nameLimit);
}

function generalName({ tag, content }: DerElement): string | null {
  if (tag === 0x81 || tag === 0x82) return latin1.decode(content.subarray(0, 255));
  if (tag === 0x87) return addressText(content);
  return null;
}

function addressText(content: Uint8Array): string | null {
  if (content.length !== 4 && content.length !== 16) return null;
  const bits = content.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return formatIp({ family: content.length === 4 ? 4 : 6, bits });
}

/** Bit 0 is the highest bit of the first byte (X.690 section 8.6.2). */
function usageBits(content: Uint8Array): string[] {
  const bytes = bitStringBytes(content);
  return keyUsageBits.filter((_, bit) => (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1);
}

/** Locations of authority information access (RFC 5280 section 4.2.2.1). */
function accessUrls(content: Uint8Array): { ocspUrls: string[]; issuerUrls: string[] } {
  const ocspUrls: string[] = [];
  const issuerUrls: string[] = [];
  for (const entry of decodeDerList(content)) {
    const [method, location] = decodeDerList(entry.content);
    if (!method || location?.tag !== 0x86) continue;
    const list = { '1.3.6.1.5.5.7.48.1': ocspUrls, '1.3.6.1.5.5.7.48.2': issuerUrls }[decodeOid(method.content)];
    if (list && list.length < urlLimit) list.push(urlText(location));
  }
  return { ocspUrls, issuerUrls };
}

/** `DistributionPoint.distributionPoint.fullName` (RFC 5280 section 4.2.1.13): context tags 0, 0, then a URI, tag 6. */
function crlUrls(content: Uint8Array): string[] {
  return decodeDerList(content)
    .flatMap((point) => decodeDerList(point.content).filter(({ tag }) => tag === 0xa0))
    .flatMap((field) => decodeDerList(field.content).filter(({ tag }) => tag === 0xa0))
    .flatMap((names) => decodeDerList(names.content).filter(({ tag }) => tag === 0x86))
    .slice(0, urlLimit)
    .map(urlText);
}

const urlText = (element: DerElement) => latin1.decode(element.content.subarray(0, 512));

function authorityKey(content: Uint8Array): string | null {
  const id = decodeDerList(content).find(({ tag }) => tag === 0x80);
  return id ? hexOf(id.content.subarray(0, 64)) : null;
}
