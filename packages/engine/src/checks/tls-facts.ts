import { X509Certificate } from 'node:crypto';
import type { TlsSession } from '@picket/base/dialer';
import { fromText } from '@picket/checks/byte-string';
import type { DslValue } from '@picket/checks/dsl/value';
import { hostText, type Endpoint } from '@picket/checks/run/target-scope';

const versions: Readonly<Record<string, string>> = {
  'TLSv1.3': 'tls13',
  'TLSv1.2': 'tls12',
  'TLSv1.1': 'tls11',
  TLSv1: 'tls10',
  SSLv3: 'ssl30',
};

/** The variables of an `ssl` block after a handshake with the platform's library. Certificate facts are absent when there is none to read. */
export function tlsScope(session: TlsSession, endpoint: Endpoint, nowMs: number): Map<string, DslValue> {
  const der = session.certificates[0];
  const facts: Record<string, DslValue> = {
    probe_status: true,
    tls_version: versions[session.protocol] ?? session.protocol.toLowerCase(),
    cipher: session.cipher,
    host: fromText(hostText(endpoint)),
    ip: endpoint.address,
    port: String(endpoint.port),
    ...(der === undefined ? {} : certificateFacts(der, endpoint, nowMs)),
  };
  return withResponse(facts);
}

/** The variables after our own hello: only what the server's first answer tells. */
export function helloScope(facts: { version: string; cipher: string }, endpoint: Endpoint): Map<string, DslValue> {
  return withResponse({
    probe_status: true,
    tls_version: facts.version,
    cipher: facts.cipher,
    host: fromText(hostText(endpoint)),
    ip: endpoint.address,
    port: String(endpoint.port),
  });
}

/** `response` is all facts as JSON, which word matchers and JSON extractors of the format look at. */
function withResponse(facts: Record<string, DslValue>): Map<string, DslValue> {
  const json = fromText(JSON.stringify(facts));
  const scope = new Map(Object.entries(facts));
  for (const name of ['response', 'data', 'raw', 'all', 'body']) scope.set(name, json);
  return scope;
}

function certificateFacts(der: Uint8Array, endpoint: Endpoint, nowMs: number): Record<string, DslValue> {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(der);
  } catch {
    return {};
  }
  const notBefore = Date.parse(certificate.validFrom);
  const notAfter = Date.parse(certificate.validTo);
  const names = alternativeNames(certificate.subjectAltName ?? '');
  const commonName = attribute(certificate.subject, 'CN');
  const facts: Record<string, DslValue> = {
    not_before: isoOf(notBefore),
    not_after: isoOf(notAfter),
    expired: notAfter < nowMs,
    not_yet_valid: notBefore > nowMs,
    self_signed: isSelfSigned(certificate),
    wildcard_certificate: [commonName, ...names].some((name) => name.startsWith('*.')),
    subject_cn: fromText(commonName),
    subject_dn: fromText(certificate.subject.replaceAll('\n', ', ')),
    subject_an: names.map(fromText),
    issuer_cn: fromText(attribute(certificate.issuer, 'CN')),
    issuer_org: fromText(attribute(certificate.issuer, 'O')),
    issuer_dn: fromText(certificate.issuer.replaceAll('\n', ', ')),
    serial: certificate.serialNumber,
    fingerprint_hash: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    ...keyFacts(certificate),
  };
  const mismatched = isMismatched(certificate, endpoint);
  if (mismatched !== null) facts['mismatched'] = mismatched;
  return facts;
}

/**
 * Whether the certificate is for another host. A host whose name nobody knows matches when the certificate has its
 * address; else it cannot be told (null): its users may well know it by a name of the certificate.
 */
function isMismatched(certificate: X509Certificate, endpoint: Endpoint): boolean | null {
  if (endpoint.name !== null) return certificate.checkHost(endpoint.name) === undefined;
  return certificate.checkIP(endpoint.address) === undefined ? null : false;
}

function isSelfSigned(certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}

function keyFacts(certificate: X509Certificate): Record<string, DslValue> {
  try {
    const key = certificate.publicKey;
    const details = key.asymmetricKeyDetails;
    const curves: Readonly<Record<string, number>> = {
      prime256v1: 256,
      secp384r1: 384,
      secp521r1: 521,
      secp256k1: 256,
      prime192v1: 192,
      secp224r1: 224,
    };
    const bits = details?.modulusLength ?? curves[details?.namedCurve ?? ''] ?? 0;
    const signature = certificate.signatureAlgorithm ?? '';
    return { key_type: key.asymmetricKeyType ?? '', key_bits: bits, signature_algorithm: signature };
  } catch {
    return {};
  }
}

function alternativeNames(text: string): string[] {
  return text
    .split(', ')
    .flatMap((part) =>
      /^(DNS|IP Address):/.test(part) ? [part.replace(/^(DNS|IP Address):/, '').replaceAll('"', '')] : [],
    )
    .slice(0, 100);
}

function attribute(name: string, key: string): string {
  return (
    name
      .split('\n')
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1) ?? ''
  );
}

function isoOf(time: number): string {
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
