import type { X509Certificate } from 'node:crypto';
import type { CertificateReason } from './failure.ts';

/** Extended key usage of a TLS server (RFC 5280 section 4.2.1.12). */
const serverAuth = '1.3.6.1.5.5.7.3.1';

export interface CertificateQuestion {
  /** What the server presented, and has proved to hold the key of. */
  readonly leaf: X509Certificate;
  /** The pinned authority, which issues servers' certificates itself. */
  readonly ca: X509Certificate;
  /** Name or address that was asked for; `isAddress` tells which. */
  readonly host: string;
  readonly isAddress: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * What speaks against a certificate at a given time; null: nothing does. OpenSSL judges dates by the machine's clock alone, so this takes its place
 * where that clock is known to be wrong: issued and signed by the authority, for this host, for servers, and in force (RFC 5280 section 6.1).
 */
export function certificateFault(question: CertificateQuestion): CertificateReason | null {
  const { leaf, ca, host, isAddress } = question;
  if (!ca.ca || !leaf.checkIssued(ca) || !leaf.verify(ca.publicKey)) return 'unknown-ca';
  if ((isAddress ? leaf.checkIP(host) : leaf.checkHost(host)) === undefined) return 'wrong-host';
  if (leaf.ca || (leaf.keyUsage !== undefined && !leaf.keyUsage.includes(serverAuth))) return 'other';
  return dateFault(leaf, question.at) ?? dateFault(ca, question.at);
}

function dateFault(certificate: X509Certificate, at: number): CertificateReason | null {
  if (at < certificate.validFromDate.getTime()) return 'not-yet-valid';
  return at > certificate.validToDate.getTime() ? 'expired' : null;
}
