import { connect, type Socket } from 'node:net';
import { err, ok, type Result } from '@picket/base/result';
import type { Destination } from '../connector.ts';

/** A TCP connection; both address families are tried (RFC 8305, by Node). `timeoutMs` bounds name and connection. */
export function openTcp(
  destination: Destination,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<
  Result<Socket, { readonly kind: 'cancelled' | 'timeout' } | { readonly kind: 'error'; readonly error: Error }>
> {
  return new Promise((resolve) => {
    const socket = connect({ host: destination.host, port: destination.port, noDelay: true, keepAlive: true });
    const settle = (result: Awaited<ReturnType<typeof openTcp>>) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('connect');
      socket.removeListener('error', onError);
      // From here on the owner listens; until it does, an error must not end the process.
      socket.on('error', () => {});
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const onAbort = () => settle(err({ kind: 'cancelled' }));
    const onError = (error: Error) => settle(err({ kind: 'error', error }));
    const timer = setTimeout(() => settle(err({ kind: 'timeout' })), timeoutMs);
    socket.once('connect', () => settle(ok(socket)));
    socket.once('error', onError);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
