import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { err, ok, type Result } from '@picket/base/result';
import type { Connector, Destination } from '../connector.ts';
import { classifyError, type OutboundFailure, plainFailure } from '../failure.ts';

/** Who may vouch for the platform: exactly these certificates (PEM), or null for the public ones that Node carries. */
export interface Trust {
  readonly ca: string | null;
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
  return new Promise((resolve) => {
    const socket = connect({
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
    socket.once('secureConnect', () => settle(ok(socket)));
    socket.once('error', onError);
    socket.once('close', onClose);
    if (request.signal.aborted) onAbort();
    else request.signal.addEventListener('abort', onAbort, { once: true });
  });
}
