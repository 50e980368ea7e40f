import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { userError } from '@picket/base/error';
import { consoleRequest, consoleSocketName, maxConsoleLine } from '../../local/console-messages.ts';
import { lineChannel } from '../../local/line-channel.ts';
import type { ConsoleService } from '../console/console-service.ts';

/** More consoles at once than an appliance has terminals and panels. */
const maxConsoles = 16;
/** sockaddr_un holds a path of 107 bytes (unix(7)). */
const maxPath = 107;

/** Serves consoles on a Unix socket in the state directory; only its owner can open it. */
export async function serveConsoles(
  stateDirectory: string,
  service: ConsoleService,
): Promise<{ close(): Promise<void> }> {
  const path = join(stateDirectory, consoleSocketName);
  if (Buffer.byteLength(path) > maxPath) {
    throw userError(
      'appliance.console-path',
      `The path ${path} is too long for a socket.`,
      'Choose a state directory with a shorter path.',
    );
  }
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (open.size > maxConsoles) socket.destroy();
    else serve(socket, service);
  });
  // The state directory is locked: a socket that lies there is of a daemon that died.
  await rm(path, { force: true });
  await listen(server, path);
  await chmod(path, 0o600);
  return {
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(socket: Socket, service: ConsoleService): void {
  const channel = lineChannel(socket, {
    maxLineBytes: maxConsoleLine,
    onMessage: (message) => {
      const request = consoleRequest.safeParse(message);
      if (request.success) service.request(request.data, channel.send);
      else
        channel.send({ type: 'answer', refused: `Not understood: ${request.error.issues[0]?.message ?? 'unknown'}` });
    },
    onEnd: () => unlisten(),
  });
  const unlisten = service.listen(channel.send);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}
