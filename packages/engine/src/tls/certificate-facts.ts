import { createHash } from 'node:crypto';
import type { CertificateFacts } from '@picket/contracts/tls-facts';
import { oneLine } from '../services/printable.ts';
import { type Certificate, decodeCertificate } from './x509/certificate.ts';
import { isSelfSigned } from './x509/chain.ts';
import { nameText } from './x509/distinguished-name.ts';

/** Facts of a certificate from its DER; null when it is none, or has no readable dates. */
export function certificateFacts(der: Uint8Array): CertificateFacts | null {
  const certificate = decodeCertificate(der);
  return certificate === null ? null : describeCertificate(certificate, der);
}

/** The facts as an event carries them: every text bounded and fit to print. Null without readable dates. */
export function describeCertificate(certificate: Certificate, der: Uint8Array): CertificateFacts | null {
  const { notBefore, notAfter, key } = certificate;
  if (notBefore === null || notAfter === null) return null;
  const list = (texts: readonly string[], limit: number, length: number) =>
    texts.slice(0, limit).map((text) => oneLine(text, length));
  return {
    subject: oneLine(nameText(certificate.subject), 1024),
    issuer: oneLine(nameText(certificate.issuer), 1024),
    names: list(certificate.names, 100, 255),
    notBefore: new Date(notBefore).toISOString(),
    notAfter: new Date(notAfter).toISOString(),
    sha256: digest('sha256', der),
    sha1: digest('sha1', der),
    serial: certificate.serial,
    keyType: key.type.slice(0, 32),
    keyBits: Math.trunc(key.bits),
    ...(key.curve === null ? {} : { keyCurve: key.curve.slice(0, 64) }),
    signatureAlgorithm: certificate.signatureAlgorithm.slice(0, 64),
    selfSigned: isSelfSigned(certificate),
    ...(certificate.authority === null ? {} : { authority: certificate.authority }),
    ...(certificate.pathLength === null ? {} : { pathLength: certificate.pathLength }),
    keyUsage: [...certificate.keyUsage],
    extendedKeyUsage: list(certificate.extendedKeyUsage, 32, 64),
    ocspUrls: list(certificate.ocspUrls, 8, 512),
    issuerUrls: list(certificate.issuerUrls, 8, 512),
    crlUrls: list(certificate.crlUrls, 8, 512),
  };
}

/** Digest of the DER, lower-case hex. */
export function digest(algorithm: 'sha256' | 'sha1', der: Uint8Array): string {
  return createHash(algorithm).update(der).digest('hex');
}
