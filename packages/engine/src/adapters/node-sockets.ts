import type { SocketFactory } from '../socket-factory.ts';

/** The machine's TCP, UDP and TLS. The only file of the engine that may open a socket (tested). */
export function nodeSockets(): SocketFactory {
  throw new Error('not built yet');
}
