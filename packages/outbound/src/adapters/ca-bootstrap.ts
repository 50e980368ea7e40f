import { createHash, X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '@picket/base/result';
import { appliancePaths } from '@picket/contracts/protocol';
import type { Connector } from '../connector.ts';
import { certificateFailure, type OutboundFailure, plainFailure } from '../failure.ts';
import { originOf } from '../origin.ts';
import { unverifiedGet } from './unverified-get.ts';

export interface BootstrapRequest {
  /** `https://host:port`. */
  readonly origin: string;
  /** SHA-256 of the CA certificate's DER, lower-case hex, from the enrolment string. */
  readonly caSha256: string;
  readonly connector: Connector;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Fetches the platform's own CA certificate before anything is trusted. The TLS session of this one request is not
 * verified, because what would verify it is what it fetches: nothing secret is sent in it, and what comes is believed
 * only if its SHA-256 is the pinned one. Every later connection is verified in full with exactly this certificate.
 */
export async function fetchPinnedCa(request: BootstrapRequest): Promise<Result<string, OutboundFailure>> {
  const { host } = originOf(request.origin);
  const fetched = await unverifiedGet({ ...request, target: appliancePaths.caCertificate, alwaysThere: true });
  return fetched.ok ? pinned(host, fetched.value, request.caSha256) : fetched;
}

/**
 * The fingerprint (SHA-256 of the DER, lower-case hex) of the CA certificate that whoever answers at `origin` offers. Nothing vouches for it:
 * a person compares it with the one that the platform shows, and only then is it pinned.
 */
export async function offeredCaFingerprint(
  request: Omit<BootstrapRequest, 'caSha256'>,
): Promise<Result<string, OutboundFailure>> {
  const { host } = originOf(request.origin);
  const fetched = await unverifiedGet({ ...request, target: appliancePaths.caCertificate, alwaysThere: true });
  if (!fetched.ok) return fetched;
  try {
    return ok(createHash('sha256').update(new X509Certificate(fetched.value).raw).digest('hex'));
  } catch {
    return err(plainFailure(host, 'answer', 'no certificate at the place of the CA certificate'));
  }
}

/** Pure part: the PEM, normalised, if its fingerprint is the pinned one. */
export function pinned(host: string, pem: string, caSha256: string): Result<string, OutboundFailure> {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return err(plainFailure(host, 'answer', 'no certificate at the place of the CA certificate'));
  }
  const seen = createHash('sha256').update(certificate.raw).digest('hex');
  if (seen !== caSha256) return err(certificateFailure(host, 'fingerprint', `sha256:${seen}`));
  if (!certificate.ca) return err(certificateFailure(host, 'other', 'the pinned certificate is no CA certificate'));
  return ok(certificate.toString());
}
