import { createSocket } from 'node:dgram';
import type { DialFailure, UdpRequest } from '@picket/base/dialer';
import { err, ok, type Result } from '@picket/base/result';
import { onAbort } from '../gate/abort-hub.ts';
import { dialFailure } from './socket-error.ts';

/**
 * One datagram from a fresh, connected socket: the kernel then passes only answers of that address and port, and an
 * ICMP port unreachable comes as ECONNREFUSED.
 */
export function exchangeDatagram(request: UdpRequest): Promise<Result<readonly Uint8Array[], DialFailure>> {
  return new Promise((resolve) => {
    const answers: Uint8Array[] = [];
    const socket = createSocket({ type: request.address.includes(':') ? 'udp6' : 'udp4' });
    let settled = false;
    const finish = (failure: DialFailure | null) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      stopWatching();
      socket.removeAllListeners('message');
      socket.close();
      resolve(answers.length > 0 || failure === null ? ok(answers) : err(failure));
    };
    // The decision waits one turn of the loop, so that an answer which is already here is read before the timer counts.
    const timer = setTimeout(
      () => setImmediate(() => finish({ kind: 'timeout', detail: '' })),
      Math.max(1, request.timeoutMs),
    );
    socket.on('error', (error) => finish(dialFailure(error)));
    socket.on('message', (message) => {
      answers.push(new Uint8Array(message));
      if (answers.length >= (request.maxAnswers ?? 1)) finish(null);
    });
    // Node hands a failed connect (no route) to this callback instead of the error event; sending then would throw.
    socket.connect(request.port, request.address, (error?: Error) => {
      if (settled) return;
      if (error) return finish(dialFailure(error));
      socket.send(request.payload, (error) => {
        if (error) finish(dialFailure(error));
      });
    });
    const stopWatching = onAbort(request.signal, () => finish({ kind: 'cancelled', detail: '' }));
  });
}
