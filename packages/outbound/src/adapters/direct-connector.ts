import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { err, ok, type Result } from '@picket/base/result';
import type { Connector, Destination } from '../connector.ts';
import { classifyError, type OutboundFailure, plainFailure } from '../failure.ts';

/** TCP without a proxy; both address families are tried (RFC 8305, by Node). `timeoutMs` bounds name and connection. */
export function directConnector(timeoutMs = 10_000): Connector {
  return { open: (destination, signal) => openTcp(destination, timeoutMs, signal) };
}

function openTcp(
  destination: Destination,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Result<Duplex, OutboundFailure>> {
  return new Promise((resolve) => {
    const socket = connect({ host: destination.host, port: destination.port, noDelay: true, keepAlive: true });
    const settle = (result: Result<Duplex, OutboundFailure>) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('connect');
      socket.removeListener('error', onError);
      // From here on the owner listens; until it does, an error must not end the process.
      socket.on('error', () => {});
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const onAbort = () => settle(err(plainFailure(destination.host, 'cancelled', 'aborted')));
    const onError = (error: Error) => settle(err(classifyError(destination.host, 'connect', error)));
    const timer = setTimeout(
      () => settle(err(plainFailure(destination.host, 'connect-timeout', `${timeoutMs} ms`))),
      timeoutMs,
    );
    socket.once('connect', () => settle(ok(socket)));
    socket.once('error', onError);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
