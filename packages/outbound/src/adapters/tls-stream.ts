import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { err, ok, type Result } from '@picket/base/result';
import { certificateFault } from '../certificate-at.ts';
import type { Connector, Destination, OpenedStream } from '../connector.ts';
import {
  certificateFailure,
  type CertificateReason,
  classifyError,
  interceptedFailure,
  type OutboundFailure,
  plainFailure,
} from '../failure.ts';
import { issuerOf } from './issuer.ts';

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
  const opened = await request.connector.open(request.destination, request.signal);
  return opened.ok ? handshake(opened.value, request) : opened;
}

function handshake({ stream, via }: OpenedStream, request: TlsRequest): Promise<Result<TLSSocket, OutboundFailure>> {
  const { host } = request.destination;
  const judge = judgeAtTime(request);
  return new Promise((resolve) => {
    const socket = connect({
      // Through a proxy a session that is not the platform's is looked at before it is refused: who made its certificate? Node
      // verifies all the same, and nothing is sent in it (`refusalOf`).
      rejectUnauthorized: judge === null && via === null,
      socket: stream,
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
        stream.destroy();
      }
      resolve(result);
    };
    const behind = via === null ? '' : `, through the proxy ${via}`;
    const failed = (detail: string) => settle(err(plainFailure(host, 'tls-handshake', `${detail}${behind}`)));
    const onAbort = () => settle(err(plainFailure(host, 'cancelled', 'aborted')));
    const onError = (error: Error) => settle(err(classifyError(host, 'tls', error)));
    const onClose = () => failed('closed by the other side');
    const timer = setTimeout(() => failed(`no answer in ${request.handshakeTimeoutMs} ms`), request.handshakeTimeoutMs);
    socket.once('secureConnect', () => {
      const refusal = refusalOf(socket, host, judge);
      if (refusal === null) settle(ok(socket));
      else if (via !== null && refusal.reason === 'unknown-ca')
        settle(err(interceptedFailure(host, via, issuerOf(socket))));
      else settle(err(refusal));
    });
    socket.once('error', onError);
    socket.once('close', onClose);
    if (request.signal.aborted) onAbort();
    else request.signal.addEventListener('abort', onAbort, { once: true });
  });
}

type Judge = (socket: TLSSocket) => CertificateReason | null;

/** Null only for a session that the judge, or without one Node, found right: chain, validity and name. */
function refusalOf(socket: TLSSocket, host: string, judge: Judge | null): OutboundFailure | null {
  if (judge !== null) {
    const fault = judge(socket);
    return fault === null ? null : certificateFailure(host, fault, 'by the time of the platform');
  }
  if (socket.authorized) return null;
  const code = String(socket.authorizationError);
  return classifyError(host, 'tls', Object.assign(new Error(code), { code }));
}

/** What judges the certificate in place of OpenSSL, where a trusted time takes the place of the clock. */
function judgeAtTime({ trust, destination }: TlsRequest): Judge | null {
  const at = trust.time?.() ?? null;
  if (at === null || trust.ca === null) return null;
  const ca = new X509Certificate(trust.ca);
  const { host } = destination;
  return (socket) => {
    const leaf = socket.getPeerX509Certificate();
    return leaf === undefined ? 'other' : certificateFault({ leaf, ca, host, isAddress: isIP(host) !== 0, at });
  };
}
