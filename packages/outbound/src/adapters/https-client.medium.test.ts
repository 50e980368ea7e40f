import { createServer as createTlsServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import type { RequestListener } from 'node:http';
import { type TestCa, testCa } from '@picket/testkit/test-ca';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../http-client.ts';
import { fetchPinnedCa } from './ca-bootstrap.ts';
import { directConnector } from './direct-connector.ts';
import { httpsClient } from './https-client.ts';

let ca: TestCa;
beforeAll(async () => {
  ca = await testCa();
});
const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function listen(server: Server | TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function https(handler: RequestListener, names = ['127.0.0.1', 'localhost'], daysAgo = 0): Promise<number> {
  return listen(createTlsServer(await ca.issue(names, daysAgo), handler));
}

function client(port: number, options: { host?: string; ca?: string } = {}) {
  const made = httpsClient({
    origin: `https://${options.host ?? '127.0.0.1'}:${port}`,
    connector: directConnector(1000),
    trust: { ca: options.ca ?? ca.pem },
    handshakeTimeoutMs: 500,
  });
  cleanUps.push(() => made.close());
  return made;
}

const get: HttpRequest = {
  method: 'GET',
  target: '/',
  headers: {},
  body: new Uint8Array(),
  deadlineMs: 3000,
  maxAnswerBytes: 1000,
};

describe('httpsClient', () => {
  it('sends a body and gives status, fields and body of the answer', async () => {
    const port = await https((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => response.writeHead(418, { 'x-seen': request.url }).end(Buffer.concat(chunks)));
    });
    const result = await client(port).request({ ...get, method: 'POST', target: '/a?b=c', body: Buffer.from('hello') });
    if (!result.ok) throw new Error(result.error.message);
    expect(result.value.status).toBe(418);
    expect(result.value.header('x-seen')).toBe('/a?b=c');
    expect(Buffer.from(result.value.body).toString()).toBe('hello');
    expect(result.value.localAddress).toBe('127.0.0.1');
  });

  it('keeps a connection for the next request', async () => {
    const ports = new Set<number | undefined>();
    const port = await https((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    const one = client(port);
    for (let count = 0; count < 3; count += 1) expect((await one.request(get)).ok).toBe(true);
    expect(ports.size).toBe(1);
  });

  it('verifies a certificate by name and by address', async () => {
    const port = await https((_, response) => response.end('ok'), ['localhost']);
    expect((await client(port, { host: 'localhost' }).request(get)).ok).toBe(true);
    expect(await client(port).request(get)).toMatchObject({
      ok: false,
      error: { kind: 'certificate', reason: 'wrong-host' },
    });
  });

  it('refuses an expired certificate, one of the future, and one of another authority', async () => {
    const expired = await https((_, response) => response.end('ok'), ['127.0.0.1'], 2);
    expect(await client(expired).request(get)).toMatchObject({
      error: { kind: 'certificate', reason: 'expired', maybeDelivered: false },
    });
    const future = await https((_, response) => response.end('ok'), ['127.0.0.1'], -2);
    expect(await client(future).request(get)).toMatchObject({
      error: { kind: 'certificate', reason: 'not-yet-valid' },
    });
    const good = await https((_, response) => response.end('ok'));
    const other = await testCa('Other CA');
    expect(await client(good, { ca: other.pem }).request(get)).toMatchObject({
      error: { kind: 'certificate', reason: 'unknown-ca' },
    });
  });

  it('names what kept it from connecting', async () => {
    const closed = createTcpServer();
    const port = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await client(port).request(get)).toMatchObject({ error: { kind: 'refused', detail: 'ECONNREFUSED' } });
    expect(await client(443, { host: 'no-such-host.invalid' }).request(get)).toMatchObject({ error: { kind: 'dns' } });
    const plain = await listen(createTcpServer((socket) => socket.end('220 hello\r\n')));
    expect(await client(plain).request(get)).toMatchObject({ error: { kind: 'tls-handshake' } });
    const silent = await listen(createTcpServer(() => {}));
    expect(await client(silent).request(get)).toMatchObject({ error: { kind: 'tls-handshake' } });
  });

  it('says that no DNS server answered, and not that the platform is silent, while a name is looked up', async () => {
    const made = httpsClient({
      origin: 'https://platform.picket.test:8443',
      connector: directConnector(100, () => {}),
      trust: { ca: ca.pem },
    });
    expect(await made.request(get)).toMatchObject({
      error: { kind: 'dns', detail: 'ETIMEOUT: no DNS server in 100 ms' },
    });
    made.close();
  });

  it('bounds an answer in bytes and in total time, also one that dribbles', async () => {
    const flood = await https((_, response) => response.end('x'.repeat(1001)));
    expect(await client(flood).request(get)).toMatchObject({ error: { kind: 'answer' } });
    const dribble = await https((_, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const started = performance.now();
    expect(await client(dribble).request({ ...get, deadlineMs: 300 })).toMatchObject({
      error: { kind: 'deadline', maybeDelivered: true },
    });
    expect(performance.now() - started).toBeLessThan(1500);
  });

  it('says that a request may have arrived when the connection was cut after it', async () => {
    const cut = await https((request) => request.socket.destroy());
    expect(await client(cut).request(get)).toMatchObject({ error: { kind: 'closed', maybeDelivered: true } });
    const half = await https((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 50);
    });
    expect(await client(half).request(get)).toMatchObject({ error: { kind: 'closed', maybeDelivered: true } });
  });

  it('ends at once when it is cancelled', async () => {
    const port = await https(() => {});
    const abort = new AbortController();
    const request = client(port).request({ ...get, signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    expect(await request).toMatchObject({ error: { kind: 'cancelled' } });
    expect(await client(port).request({ ...get, signal: abort.signal })).toMatchObject({
      error: { kind: 'cancelled', maybeDelivered: false },
    });
  });
});

describe('fetchPinnedCa', () => {
  const bootstrap = (port: number, caSha256: string) =>
    fetchPinnedCa({
      origin: `https://127.0.0.1:${port}`,
      caSha256,
      connector: directConnector(1000),
      deadlineMs: 1000,
    });

  it('gives the certificate whose fingerprint was pinned, asking for nothing but it', async () => {
    const asked: string[] = [];
    const port = await https((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end(ca.pem);
    });
    const result = await bootstrap(port, ca.sha256);
    expect(result).toMatchObject({ ok: true });
    expect(asked).toEqual(['GET /appliance/v1/ca.pem']);
    const verified = client(port, { ca: result.ok ? result.value : '' });
    expect((await verified.request(get)).ok).toBe(true);
  });

  it('refuses another certificate, no certificate, a flood and silence', async () => {
    const right = await https((_, response) => response.end(ca.pem));
    expect(await bootstrap(right, 'a'.repeat(64))).toMatchObject({
      error: { kind: 'certificate', reason: 'fingerprint' },
    });
    const junk = await https((_, response) => response.end('junk'));
    expect(await bootstrap(junk, ca.sha256)).toMatchObject({ error: { kind: 'answer' } });
    const missing = await https((_, response) => response.writeHead(404).end());
    expect(await bootstrap(missing, ca.sha256)).toMatchObject({ error: { kind: 'answer' } });
    const flood = await https((_, response) => response.end('x'.repeat(100_000)));
    expect(await bootstrap(flood, ca.sha256)).toMatchObject({ ok: false });
    const silent = await https(() => {});
    expect(await bootstrap(silent, ca.sha256)).toMatchObject({ error: { kind: 'deadline' } });
  });
});
