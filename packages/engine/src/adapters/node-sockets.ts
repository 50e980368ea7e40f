import { Socket } from 'node:net';
import type { Connection, DialFailure, DialRequest } from '@picket/base/dialer';
import { err, ok, type Result } from '@picket/base/result';
import type { SocketFactory } from '../gate/socket-factory.ts';
import { onAbort } from '../gate/abort-hub.ts';
import { type ConnectProber, openConnectProber } from './kernel/connect-prober.ts';
import { NodeConnection } from './node-connection.ts';
import { exchangeDatagram } from './node-udp.ts';
import { dialFailure } from './socket-error.ts';

/** The machine's TCP, UDP and TLS, without bounds: hand it to the scope gate and to nobody else. */
export function nodeSockets(): SocketFactory {
  const sockets: SocketFactory = { connectTcp, exchangeUdp: exchangeDatagram };
  return process.platform === 'linux' ? { ...sockets, probeTcp: quickProbes() } : sockets;
}

/** The kernel's own connects, opened by the first probe: scans that send raw packets need none. */
function quickProbes(): NonNullable<SocketFactory['probeTcp']> {
  let quick: ConnectProber | null | undefined;
  return async (request) => {
    if (quick === undefined) quick = openQuickly();
    if (quick !== null) return quick.probe(request);
    const connected = await connectTcp(request);
    if (!connected.ok) return connected;
    connected.value.close();
    return ok(null);
  };
}

/** Null where the system calls cannot be reached. */
function openQuickly(): ConnectProber | null {
  try {
    const opened = openConnectProber();
    return opened.ok ? opened.value : null;
  } catch {
    return null;
  }
}

function connectTcp(request: DialRequest): Promise<Result<Connection, DialFailure>> {
  return new Promise((resolve) => {
    const socket = new Socket();
    let settled = false;
    const settle = (failure: DialFailure | null) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      stopWatching();
      socket.off('connect', onConnect);
      if (failure) {
        socket.destroy();
        resolve(err(failure));
      } else {
        const connection = new NodeConnection(socket, request, request.signal);
        socket.off('error', onError);
        resolve(ok(connection));
      }
    };
    const onConnect = () => {
      socket.setNoDelay(true);
      settle(null);
    };
    const onError = (error: Error) => settle(dialFailure(error));
    socket.once('connect', onConnect);
    socket.on('error', onError);
    // Node runs timers before it looks at sockets: after a stall the answer may be there already, so look once more.
    const timer = setTimeout(
      () => setImmediate(() => settle({ kind: 'timeout', detail: '' })),
      Math.max(1, request.timeoutMs),
    );
    const stopWatching = onAbort(request.signal, () => settle({ kind: 'cancelled', detail: '' }));
    if (!settled) socket.connect({ host: request.address, port: request.port, autoSelectFamily: false });
  });
}
