import { ownValue } from '@picket/base/own-value';
import type { TlsSession } from '@picket/base/dialer';
import { fromText } from '@picket/checks/byte-string';
import type { DslValue } from '@picket/checks/dsl/value';
import { hostText, type Endpoint } from '@picket/checks/run/target-scope';
import type { TlsEnumeration } from './tls-enumeration.ts';
import { digest } from '../../tls/certificate-facts.ts';
import { type Certificate, decodeCertificate } from '../../tls/x509/certificate.ts';
import { isSelfSigned } from '../../tls/x509/chain.ts';
import { nameText } from '../../tls/x509/distinguished-name.ts';
import { certificateNames, coversAddress, coversHost } from '../../tls/x509/host-match.ts';

const versions: Readonly<Record<string, string>> = {
  'TLSv1.3': 'tls13',
  'TLSv1.2': 'tls12',
  'TLSv1.1': 'tls11',
  TLSv1: 'tls10',
  SSLv3: 'ssl30',
};

/**
 * The variables of an `ssl` block after a handshake with the platform's library. Certificate facts are absent when there is none to
 * read. `more`: what is known of the service besides.
 */
export function tlsScope(
  session: TlsSession,
  endpoint: Endpoint,
  nowMs: number,
  more: Readonly<Record<string, DslValue>> = {},
): Map<string, DslValue> {
  const der = session.certificates[0];
  const version = ownValue(versions, session.protocol) ?? session.protocol.toLowerCase();
  const facts = der === undefined ? {} : certificateFacts(der, endpoint, nowMs);
  return factScope({ version, cipher: session.cipher }, { ...facts, ...more }, endpoint);
}

/** The variables after our own hello: only what the server's first answer tells. */
export function helloScope(facts: { version: string; cipher: string }, endpoint: Endpoint): Map<string, DslValue> {
  return factScope(facts, {}, endpoint);
}

/** The variables that every block has, and `facts`. */
export function factScope(
  session: { readonly version: string; readonly cipher: string },
  facts: Readonly<Record<string, DslValue>>,
  endpoint: Endpoint,
): Map<string, DslValue> {
  return withResponse({
    probe_status: true,
    tls_version: session.version,
    cipher: session.cipher,
    host: fromText(hostText(endpoint)),
    ip: endpoint.address,
    port: String(endpoint.port),
    ...facts,
  });
}

/** The variables and what was enumerated: lists of texts as they are, all else as JSON; `response` has it in its own form. */
export function withEnumeration(known: ReadonlyMap<string, DslValue>, found: TlsEnumeration): Map<string, DslValue> {
  const facts = Object.fromEntries([...known].filter(([name]) => !wholeNames.includes(name)));
  const scope = new Map(Object.entries(facts));
  scope.set('version_enum', found.version_enum);
  if (found.cipher_enum !== undefined) scope.set('cipher_enum', fromText(JSON.stringify(found.cipher_enum)));
  const json = fromText(JSON.stringify({ ...facts, ...found }));
  for (const name of wholeNames) scope.set(name, json);
  return scope;
}

/** Names of the text that holds all facts. */
const wholeNames: readonly string[] = ['response', 'data', 'raw', 'all', 'body'];

/** `response` is all facts as JSON, which word matchers and JSON extractors of the format look at. */
function withResponse(facts: Record<string, DslValue>): Map<string, DslValue> {
  const json = fromText(JSON.stringify(facts));
  const scope = new Map(Object.entries(facts));
  for (const name of wholeNames) scope.set(name, json);
  return scope;
}

function certificateFacts(der: Uint8Array, endpoint: Endpoint, nowMs: number): Record<string, DslValue> {
  const certificate = decodeCertificate(der);
  if (certificate === null) return {};
  const { notBefore, notAfter, key } = certificate;
  const attribute = (name: Certificate['subject'], wanted: string) =>
    fromText(name.find(({ type }) => type === wanted)?.value ?? '');
  const names = certificate.names.slice(0, 100);
  const commonName = certificate.subject.find(({ type }) => type === 'CN')?.value ?? '';
  const facts: Record<string, DslValue> = {
    ...(notBefore === null ? {} : { not_before: isoOf(notBefore), not_yet_valid: notBefore > nowMs }),
    ...(notAfter === null ? {} : { not_after: isoOf(notAfter), expired: notAfter < nowMs }),
    self_signed: isSelfSigned(certificate),
    wildcard_certificate: [commonName, ...names].some((name) => name.startsWith('*.')),
    subject_cn: fromText(commonName),
    subject_dn: fromText(nameText(certificate.subject)),
    subject_an: names.map(fromText),
    issuer_cn: attribute(certificate.issuer, 'CN'),
    issuer_org: certificate.issuer.flatMap(({ type, value }) => (type === 'O' ? [fromText(value)] : [])),
    issuer_dn: fromText(nameText(certificate.issuer)),
    serial: certificate.serial.toUpperCase(),
    fingerprint_hash: digest('sha256', der),
    key_type: key.type,
    key_bits: key.bits,
    signature_algorithm: certificate.signatureAlgorithm,
  };
  const mismatched = isMismatched(certificate, endpoint);
  if (mismatched !== null) facts['mismatched'] = mismatched;
  return facts;
}

/**
 * Whether the certificate is for another host. A host whose name nobody knows matches when the certificate has its
 * address; else it cannot be told (null): its users may well know it by a name of the certificate.
 */
function isMismatched(certificate: Certificate, endpoint: Endpoint): boolean | null {
  if (endpoint.name !== null) return !coversHost(certificateNames(certificate), endpoint.name);
  return coversAddress(certificate.names, endpoint.address) ? false : null;
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
