import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { exampleCertificate } from '@picket/engine/content-testing/example-certificate';

export interface SocketServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A TCP server on a free port of 127.0.0.1; `talk` gets each connection. */
export function startSocketServer(talk: (socket: Socket) => void): Promise<SocketServer> {
  return listen(createServer(), talk, 'connection');
}

/** The same over TLS, with a certificate made for it. */
export function startTlsServer(options: TlsOptions, talk: (socket: Socket) => void = () => {}): Promise<SocketServer> {
  return listen(
    createTlsServer({ ...exampleCertificate({ name: 'example.test' }), ...options }),
    talk,
    'secureConnection',
  );
}

async function listen(
  server: ReturnType<typeof createServer>,
  talk: (socket: Socket) => void,
  event: 'connection' | 'secureConnection',
): Promise<SocketServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on(event, (socket: Socket) => {
    socket.on('error', () => {});
    talk(socket);
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port, close };
}

/** Answers each word once, in the given order. */
export function steps(...dialogue: readonly (readonly [hears: string, says: string])[]): (socket: Socket) => void {
  return (socket) => {
    let pending = '';
    let at = 0;
    socket.on('data', (chunk: Buffer) => {
      pending += chunk.toString('latin1');
      for (let step = dialogue[at]; step !== undefined && pending.includes(step[0]); step = dialogue[at]) {
        pending = pending.slice(pending.indexOf(step[0]) + step[0].length);
        socket.write(step[1], 'latin1');
        at += 1;
      }
    });
  };
}
