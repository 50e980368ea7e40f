import { X509Certificate } from 'node:crypto';
import type { EngineEventOf } from '@picket/contracts/event';
import { oneLine } from './printable.ts';

type CertificateFacts = NonNullable<NonNullable<EngineEventOf<'service'>['tls']>['certificate']>;

/** Facts of an X.509 certificate (RFC 5280) from its DER; null when it can't be read. Nothing is trusted, only described. */
export function certificateFacts(der: Uint8Array): CertificateFacts | null {
  if (der.length === 0 || der.length > 65_536) return null;
  try {
    const certificate = new X509Certificate(der);
    const key = certificate.publicKey;
    const details = key.asymmetricKeyDetails ?? {};
    return {
      subject: distinguishedName(certificate.subject),
      issuer: distinguishedName(certificate.issuer),
      names: alternativeNames(certificate.subjectAltName),
      notBefore: new Date(certificate.validFrom).toISOString(),
      notAfter: new Date(certificate.validTo).toISOString(),
      sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
      keyType: (key.asymmetricKeyType ?? 'unknown').slice(0, 32),
      keyBits: details.modulusLength ?? curveBits(details.namedCurve, key.asymmetricKeyType),
      signatureAlgorithm: (certificate.signatureAlgorithm ?? 'unknown').slice(0, 64),
      selfSigned: certificate.subject === certificate.issuer && certificate.checkIssued(certificate),
    };
  } catch {
    return null;
  }
}

/** `C=DE\nCN=x` as Node prints it becomes `C=DE, CN=x`. */
function distinguishedName(text: string | undefined): string {
  return oneLine((text ?? '').split('\n').join(', '), 1024);
}

function alternativeNames(text: string | undefined): string[] {
  return (text ?? '')
    .split(', ')
    .flatMap((item) => /^(?:DNS|IP Address):(.+)$/.exec(item)?.[1] ?? [])
    .map((name) => oneLine(name, 255))
    .slice(0, 100);
}

const bitsOfCurve: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp256k1: 256,
  secp384r1: 384,
  secp521r1: 521,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
};

function curveBits(curve: string | undefined, keyType: string | undefined): number {
  if (keyType === 'ed25519') return 256;
  if (keyType === 'ed448') return 456;
  return bitsOfCurve[curve ?? ''] ?? 0;
}
