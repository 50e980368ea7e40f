import { isIP, connect, type LookupFunction, type Socket } from 'node:net';
import { err, ok, type Result } from '@picket/base/result';
import type { Destination } from '../connector.ts';

/** Why there is no connection. `unnamed`: the time was over before any DNS server had answered. */
type NoTcp = { readonly kind: 'cancelled' | 'timeout' | 'unnamed' } | { readonly kind: 'error'; readonly error: Error };

/** A TCP connection; both address families are tried (RFC 8305, by Node). `timeoutMs` bounds name and connection. `lookup`: default the system's resolver. */
export function openTcp(
  destination: Destination,
  timeoutMs: number,
  signal: AbortSignal,
  lookup?: LookupFunction,
): Promise<Result<Socket, NoTcp>> {
  return new Promise((resolve) => {
    const { host, port } = destination;
    const socket = connect({ host, port, noDelay: true, keepAlive: true, ...(lookup === undefined ? {} : { lookup }) });
    let named = isIP(host) !== 0;
    socket.once('lookup', () => {
      named = true;
    });
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
    const timer = setTimeout(() => settle(err({ kind: named ? 'timeout' : 'unnamed' })), timeoutMs);
    socket.once('connect', () => settle(ok(socket)));
    socket.once('error', onError);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
