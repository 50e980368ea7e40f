import { once } from 'node:events';
import { createServer, type TlsOptions as ServerOptions, TLSSocket } from 'node:tls';
import type { Connection } from '@picket/base/dialer';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../testing/loopback.ts';
import { exampleCertificate } from '../content-testing/example-certificate.ts';
import { nodeSockets } from './node-sockets.ts';

const certificate = exampleCertificate({ name: 'a.example' });

async function tlsServer(options: ServerOptions = {}): Promise<number> {
  const server = createServer({ ...certificate, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.write(`sni ${socket.servername}\n`);
    socket.on('data', (data) => socket.write(`echo ${data}`));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function connected(port: number, signal?: AbortSignal): Promise<Connection> {
  const dialed = await nodeSockets().connectTcp({
    address: '127.0.0.1',
    port,
    timeoutMs: 5000,
    ...(signal ? { signal } : {}),
  });
  if (!dialed.ok) throw new Error(dialed.error.kind);
  onTestFinished(() => dialed.value.close());
  return dialed.value;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const read = { timeoutMs: 5000, maxBytes: 1000 };

test('the facts of a handshake are given, and reading and writing go on inside it', async () => {
  const connection = await connected(await tlsServer({ ALPNProtocols: ['http/1.1'] }));
  const session = await connection.startTls({ serverName: 'a.example', alpn: ['h2', 'http/1.1'], timeoutMs: 5000 });
  expect(session).toMatchObject({
    ok: true,
    value: {
      protocol: 'TLSv1.3',
      cipher: expect.stringMatching(/^TLS_/),
      alpn: 'http/1.1',
      authorizationError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    },
  });
  expect(session.ok && session.value.certificates).toHaveLength(1);
  expect(text((await connection.read(read)).bytes)).toBe('sni a.example\n');
  await connection.write(new TextEncoder().encode('hi'));
  expect(text((await connection.read(read)).bytes)).toBe('echo hi');
});

test('a connection that began in clear text is upgraded', async () => {
  const { port, close } = await listen((plain) => {
    plain.write('220 ready\r\n');
    plain.once('data', () => {
      plain.write('220 go\r\n', () => {
        const secure = new TLSSocket(plain, { isServer: true, ...certificate });
        secure.on('error', () => {});
        secure.on('data', () => secure.write('inside'));
      });
    });
  });
  onTestFinished(close);
  const connection = await connected(port);
  expect(text((await connection.read(read)).bytes)).toBe('220 ready\r\n');
  await connection.write(new TextEncoder().encode('STARTTLS\r\n'));
  expect(text((await connection.read(read)).bytes)).toBe('220 go\r\n');
  expect((await connection.startTls({ timeoutMs: 5000 })).ok).toBe(true);
  await connection.write(new TextEncoder().encode('x'));
  expect(text((await connection.read(read)).bytes)).toBe('inside');
});

test.each(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const)('a server that speaks only %s is reached', async (version) => {
  const port = await tlsServer({ minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' });
  const session = await (await connected(port)).startTls({ timeoutMs: 5000 });
  expect(session).toMatchObject({ ok: true, value: { protocol: version } });
});

test('a server that does not speak TLS, closes or says nothing fails the handshake within its time', async () => {
  const plain = await listen((socket) => socket.write('SSH-2.0-x\r\n'));
  const closing = await listen((socket) => socket.once('data', () => socket.destroy()));
  const silent = await listen(() => {});
  onTestFinished(async () => {
    for (const server of [plain, closing, silent]) await server.close();
  });
  const kinds: string[] = [];
  for (const { port } of [plain, closing, silent]) {
    const session = await (await connected(port)).startTls({ timeoutMs: 300 });
    kinds.push(session.ok ? 'ok' : session.error.kind);
  }
  expect(kinds).toEqual(['reset', 'reset', 'timeout']);
});

test('the end of a run resets the connection below TLS', async () => {
  const ended = Promise.withResolvers<string>();
  const server = createServer(certificate, (socket) => {
    socket.on('error', (error: NodeJS.ErrnoException) => ended.resolve(error.code ?? ''));
    socket.on('end', () => ended.resolve('end'));
    socket.on('data', (data) => socket.write(data));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  const run = new AbortController();
  const connection = await connected(typeof address === 'object' && address ? address.port : 0, run.signal);
  expect((await connection.startTls({ timeoutMs: 5000 })).ok).toBe(true);
  await connection.write(new TextEncoder().encode('hi'));
  // A server that still writes takes the reset for the end of the conversation.
  expect(text((await connection.read(read)).bytes)).toBe('hi');
  run.abort();
  expect(await ended.promise).toBe('ECONNRESET');
});
