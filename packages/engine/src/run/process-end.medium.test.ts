import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { exampleCertificate } from '../content-testing/example-certificate.ts';
import { listen } from '../testing/loopback.ts';

const scanProcess = fileURLToPath(new URL('../testing/scan-process.ts', import.meta.url));
const content = fileURLToPath(new URL('../../../../content', import.meta.url));
/** Far below the shortest timer that could be forgotten on purpose (15 s), far above what a busy machine takes to end. */
const graceMs = 5000;

async function httpsServer(keepAlive: boolean): Promise<number> {
  const server: Server = createHttpsServer(exampleCertificate({ name: 'scan.example' }), (_request, response) => {
    response.setHeader('Connection', keepAlive ? 'keep-alive' : 'close');
    response.end('<title>Page</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
      server.closeAllConnections();
  });
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Speaks HTTP in the clear, and does as told with everybody who begins a TLS handshake. */
async function webServerThat(stall: (socket: Socket) => void): Promise<number> {
  const server = await listen((socket) =>
    socket.once('data', (data) => (data[0] === 22 ? stall(socket) : socket.end('HTTP/1.1 204 No Content\r\n\r\n'))),
  );
  onTestFinished(() => server.close());
  return server.port;
}

test('a scan of HTTPS servers and of ones that stall in the handshake leaves nothing that keeps its process alive', async () => {
  const ports = [
    await httpsServer(true),
    await httpsServer(false),
    await webServerThat((socket) => socket.resetAndDestroy()),
    // A TLS record that announces more than ever comes.
    await webServerThat((socket) => socket.write(Uint8Array.from([22, 3, 3, 64, 0, 2, 0]))),
  ];
  const args = [scanProcess, '127.0.0.1', ports.join(','), 'lab', content];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  let lines = '';
  let overAt: number | null = null;
  for await (const chunk of child.stdout) {
    lines += String(chunk);
    if (overAt !== null || !lines.includes('"over"')) continue;
    overAt = performance.now();
    setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
  }
  expect(await ended).toEqual([0, null]);
  expect(overAt).not.toBeNull();
  expect(lines).toContain('"tunnel":"tls"');
}, 120_000);
