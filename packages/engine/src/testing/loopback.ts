import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface LoopbackServer {
  readonly port: number;
  /** How each connection ended: `reset` or `end`. */
  readonly ends: readonly string[];
  close(): Promise<void>;
}

/** A real TCP listener on a loopback address, port chosen by the kernel unless given. */
export async function listen(
  onConnection: (socket: Socket) => void,
  options: { readonly host?: string; readonly port?: number; readonly backlog?: number } = {},
): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  const ends: string[] = [];
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    sockets.add(socket);
    socket.on('error', (error) => ends.push('code' in error && error.code === 'ECONNRESET' ? 'reset' : 'error'));
    socket.on('end', () => ends.push('end'));
    socket.on('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  server.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0, backlog: options.backlog ?? 511 });
  await once(server, 'listening');
  return { port: portOf(server), ends, close: () => closeAll(server, sockets) };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function closeAll(server: Server, sockets: Iterable<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

/** A port of an address on which nobody listens: taken and given back. */
export async function closedPort(host = '127.0.0.1'): Promise<number> {
  const server = await listen(() => {}, { host });
  await server.close();
  return server.port;
}
