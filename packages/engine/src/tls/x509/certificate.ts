import { ownValue } from '@picket/base/own-value';
import { type CertificateExtensions, decodeCertificateExtensions } from './certificate-extensions.ts';
import { bitStringBytes, decodeDer, decodeDerList, decodeOid, decodeTime, type DerElement, tags } from './der.ts';
import { decodeName, type NameAttribute } from './distinguished-name.ts';
import { signatureNames } from './object-identifiers.ts';
import { decodePublicKey, type PublicKeyFacts } from './public-key.ts';

/** A certificate as it stands on the wire (RFC 5280 section 4.1). Nothing is trusted, only described. */
export interface Certificate extends CertificateExtensions {
  /** 1, 2 or 3; what a broken one says otherwise. */
  readonly version: number;
  /** Lower-case hex without leading zeros beyond the encoding's own. */
  readonly serial: string;
  readonly subject: readonly NameAttribute[];
  readonly issuer: readonly NameAttribute[];
  /** Milliseconds since the epoch; null when the date is no date. */
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  readonly key: PublicKeyFacts;
  /** As OpenSSL names it, or the dotted identifier. */
  readonly signatureAlgorithm: string;
  /** Encodings, for comparing names and checking signatures. */
  readonly raw: {
    readonly subject: Uint8Array;
    readonly issuer: Uint8Array;
    readonly publicKey: Uint8Array;
    readonly signed: Uint8Array;
    readonly signature: Uint8Array;
    readonly algorithm: Uint8Array;
  };
}

/** Largest certificate that is read, bytes. */
const certificateLimit = 65_536;
const none = new Uint8Array(0);

/**
 * Reads a certificate. Total: parts that are missing or broken come out empty, null is only given when there is no signed sequence
 * at all. Bounded by the fixed depth of the structure; stricter readers refuse certificates that real devices show.
 */
export function decodeCertificate(der: Uint8Array): Certificate | null {
  if (der.length > certificateLimit) return null;
  const outer = decodeDer(der);
  const [signed, algorithm, signature] = outer?.tag === tags.sequence ? decodeDerList(outer.content) : [];
  if (signed?.tag !== tags.sequence) return null;
  const fields = decodeDerList(signed.content);
  const hasVersion = fields[0]?.tag === 0xa0;
  const [serial, , issuer, validity, subject, publicKey] = fields.slice(hasVersion ? 1 : 0);
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  const [notBefore, notAfter] = decodeDerList(validity?.content ?? none);
  return {
    version: hasVersion ? versionOf(fields[0]) : 1,
    serial: serialText(serial),
    subject: decodeName(subject?.content ?? none),
    issuer: decodeName(issuer?.content ?? none),
    notBefore: notBefore ? decodeTime(notBefore) : null,
    notAfter: notAfter ? decodeTime(notAfter) : null,
    key: decodePublicKey(publicKey?.content ?? none),
    signatureAlgorithm: algorithmName(algorithm),
    ...decodeCertificateExtensions(decodeDer(extensions?.content ?? none)?.content ?? none),
    raw: {
      subject: subject?.whole ?? none,
      issuer: issuer?.whole ?? none,
      publicKey: publicKey?.whole ?? none,
      signed: signed.whole,
      signature: bitStringBytes(signature?.content ?? none),
      algorithm: algorithm?.content ?? none,
    },
  };
}

function versionOf(field: DerElement | undefined): number {
  const value = decodeDer(field?.content ?? none);
  return value?.tag === tags.integer && value.content.length === 1 ? (value.content[0] ?? 0) + 1 : 0;
}

/** At most 64 bytes of it: RFC 5280 allows 20. */
function serialText(field: DerElement | undefined): string {
  const bytes = field?.tag === tags.integer ? field.content.subarray(0, 64) : none;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return text.length > 2 && text.startsWith('00') ? text.slice(2) : text;
}

function algorithmName(field: DerElement | undefined): string {
  const [oid] = decodeDerList(field?.content ?? none);
  const dotted = oid?.tag === tags.oid ? decodeOid(oid.content) : '';
  return ownValue(signatureNames, dotted) ?? (dotted === '' ? 'unknown' : dotted);
}
