import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { err, ok, type Result } from '@picket/base/result';
import { certificateFault } from '../certificate-at.ts';
import type { Connector, Destination } from '../connector.ts';
import {
  certificateFailure,
  type CertificateReason,
  classifyError,
  type OutboundFailure,
  plainFailure,
} from '../failure.ts';

/** Who may vouch for the platform: exactly these certificates (PEM), or null for the public ones that Node carries. */
export interface Trust {
  readonly ca: string | null;
  /**
   * A trusted time that takes the place of this machine's clock where that is known to be wrong, milliseconds since the epoch; null, or absent: the
   * clock is right. Dates of certificates of the pinned `ca` are then judged by it; those of public ones never are.
   */
  readonly time?: () => number | null;
}

export interface TlsRequest {
  readonly destination: Destination;
  readonly connector: Connector;
  readonly trust: Trust;
  readonly signal: AbortSignal;
  readonly handshakeTimeoutMs: number;
}

/** A verified TLS stream: chain, validity and host name are checked by OpenSSL and Node, always. */
export async function openTls(request: TlsRequest): Promise<Result<TLSSocket, OutboundFailure>> {
  const plain = await request.connector.open(request.destination, request.signal);
  return plain.ok ? handshake(plain.value, request) : plain;
}

function handshake(plain: Duplex, request: TlsRequest): Promise<Result<TLSSocket, OutboundFailure>> {
  const { host } = request.destination;
  const judge = judgeAtTime(request);
  return new Promise((resolve) => {
    const socket = connect({
      rejectUnauthorized: judge === null,
      socket: plain,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(request.trust.ca === null ? {} : { ca: request.trust.ca }),
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
    });
    const settle = (result: Result<TLSSocket, OutboundFailure>) => {
      clearTimeout(timer);
      request.signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      socket.removeListener('close', onClose);
      socket.on('error', () => {});
      if (!result.ok) {
        socket.destroy();
        plain.destroy();
      }
      resolve(result);
    };
    const onAbort = () => settle(err(plainFailure(host, 'cancelled', 'aborted')));
    const onError = (error: Error) => settle(err(classifyError(host, 'tls', error)));
    const onClose = () => settle(err(plainFailure(host, 'tls-handshake', 'closed by the other side')));
    const timer = setTimeout(
      () => settle(err(plainFailure(host, 'tls-handshake', `no answer in ${request.handshakeTimeoutMs} ms`))),
      request.handshakeTimeoutMs,
    );
    socket.once('secureConnect', () => {
      const fault = judge?.(socket) ?? null;
      settle(fault === null ? ok(socket) : err(certificateFailure(host, fault, 'by the time of the platform')));
    });
    socket.once('error', onError);
    socket.once('close', onClose);
    if (request.signal.aborted) onAbort();
    else request.signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** What judges the certificate in place of OpenSSL, where a trusted time takes the place of the clock. */
function judgeAtTime({ trust, destination }: TlsRequest): ((socket: TLSSocket) => CertificateReason | null) | null {
  const at = trust.time?.() ?? null;
  if (at === null || trust.ca === null) return null;
  const ca = new X509Certificate(trust.ca);
  const { host } = destination;
  return (socket) => {
    const leaf = socket.getPeerX509Certificate();
    return leaf === undefined ? 'other' : certificateFault({ leaf, ca, host, isAddress: isIP(host) !== 0, at });
  };
}
