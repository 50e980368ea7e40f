import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

const localRequests = new WeakSet<IncomingMessage>();

/** Login that stands in the audit log for what came over the local socket. */
export const localAdminLogin = 'local-admin';

/** True for a request that came over the local administration socket: whoever may open it owns the data directory. */
export function isLocalAdmin(request: IncomingMessage): boolean {
  return localRequests.has(request);
}

/**
 * Serves the same API on a Unix socket in the data directory (mode 0600), as a Manager without a session: for
 * `picket user`, `picket status` and `npm start` on the platform's own machine. The file system decides who may.
 */
export async function listenLocalAdmin(app: FastifyInstance, path: string): Promise<() => Promise<void>> {
  await rm(path, { force: true });
  const server = createServer((request, response) => {
    localRequests.add(request);
    app.routing(request, response);
  });
  // A Unix socket has no peer address; limits and the audit log count it as this machine.
  server.on('connection', (socket) => Object.defineProperty(socket, 'remoteAddress', { value: '127.0.0.1' }));
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(mask);
  }
  await chmod(path, 0o600);
  return async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await rm(path, { force: true });
  };
}
