import { createHash, X509Certificate } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { err, ok, type Result } from '@picket/base/result';
import { appliancePaths } from '@picket/contracts/protocol';
import type { Connector } from '../connector.ts';
import { certificateFailure, classifyError, type OutboundFailure, plainFailure } from '../failure.ts';
import { originOf } from '../origin.ts';

const maxPemBytes = 65_536;

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
  const limit = AbortSignal.timeout(request.deadlineMs);
  const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit;
  const plain = await request.connector.open(originOf(request.origin), signal);
  if (!plain.ok) return plain;
  const fetched = await getUnverified(host, plain.value, signal);
  plain.value.destroy();
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
  const limit = AbortSignal.timeout(request.deadlineMs);
  const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit;
  const plain = await request.connector.open(originOf(request.origin), signal);
  if (!plain.ok) return plain;
  const fetched = await getUnverified(host, plain.value, signal);
  plain.value.destroy();
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

function getUnverified(host: string, plain: Duplex, signal: AbortSignal): Promise<Result<string, OutboundFailure>> {
  return new Promise((resolve) => {
    let stage: 'tls' | 'exchange' = 'tls';
    const fail = (error: unknown) =>
      resolve(
        err(signal.aborted ? plainFailure(host, 'deadline', 'fetching the CA') : classifyError(host, stage, error)),
      );
    const request = httpsRequest({
      host,
      path: appliancePaths.caCertificate,
      signal,
      maxHeaderSize: 16_384,
      createConnection: () => {
        // Only looked at, see above: the one place besides the scan engine that opens an unverified TLS session.
        const socket = connect({
          socket: plain,
          rejectUnauthorized: false,
          ...(isIP(host) === 0 ? { servername: host } : {}),
        });
        socket.once('secureConnect', () => {
          stage = 'exchange';
        });
        return socket;
      },
    });
    request.on('error', fail);
    request.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.byteLength;
        if (size > maxPemBytes) request.destroy(new Error('the CA certificate is too large'));
        else chunks.push(chunk);
      });
      incoming.on('error', fail);
      incoming.on('end', () => {
        if (incoming.statusCode === 200) resolve(ok(Buffer.concat(chunks).toString('latin1')));
        else resolve(err(plainFailure(host, 'answer', `HTTP ${incoming.statusCode} for the CA certificate`)));
      });
    });
    request.end();
  });
}
