import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createHttpsServer } from 'node:https';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { Secret } from '@picket/base/secret';
import { type TestCa, testCa } from '@picket/testkit/test-ca';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProxySettings } from '../proxy/proxy-settings.ts';
import { fetchPinnedCa } from './ca-bootstrap.ts';
import { httpsClient } from './https-client.ts';
import { proxyConnector } from './proxy-connector.ts';

let ca: TestCa;
beforeAll(async () => {
  ca = await testCa('Picket test CA');
});
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A platform that tells its CA and says hello. */
async function platform(): Promise<number> {
  const server = createHttpsServer(await ca.issue(['127.0.0.1', 'localhost']), (request, response) =>
    response.end(request.url === '/appliance/v1/ca.pem' ? ca.pem : 'hello'),
  );
  return listen(server);
}

const secret = 'can4ry-s3cret';
const settings = (port: number, more: Partial<ProxySettings> = {}): ProxySettings => ({
  host: '127.0.0.1',
  port,
  tls: false,
  auth: 'any',
  login: { user: 'ada', password: new Secret(secret) },
  ...more,
});

/** What a request to the platform at `port` through the proxy comes to. */
async function through(proxy: ProxySettings, port: number, times = 1) {
  const connector = proxyConnector({ proxy, random: systemRandom, clock: systemClock, connectMs: 500, answerMs: 400 });
  const client = httpsClient({
    origin: `https://127.0.0.1:${port}`,
    connector,
    trust: { ca: ca.pem },
    handshakeTimeoutMs: 400,
  });
  cleanUps.push(() => client.close());
  const request = { method: 'GET', target: '/', headers: {}, body: new Uint8Array(), maxAnswerBytes: 1000 } as const;
  let outcome: unknown = null;
  for (let count = 0; count < times; count += 1) {
    const result = await client.request({ ...request, deadlineMs: 8000 });
    outcome = result.ok ? Buffer.from(result.value.body).toString() : result.error;
    expect(JSON.stringify(outcome)).not.toMatch(/can4ry|Y2FuNHJ5|YWRhOmNhbjR/);
  }
  return outcome;
}

/** Answers one head after the other on each connection; `tunnel` opens one. */
function scripted(answers: (request: string, index: number) => string | 'tunnel' | 'reset'): Promise<number> {
  return listen(
    createServer((socket) => {
      let index = 0;
      socket.on('data', function onData(chunk: Buffer) {
        const request = chunk.toString('latin1');
        const answer = answers(request, index);
        index += 1;
        if (answer === 'reset') return socket.resetAndDestroy();
        if (answer !== 'tunnel') return void socket.write(answer, 'latin1');
        socket.off('data', onData);
        const port = Number(/^CONNECT [^ ]+:([0-9]+) /.exec(request)?.[1] ?? 0);
        if (port === 0) return socket.destroy();
        const far = connect(port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          socket.pipe(far).pipe(socket);
        });
        far.on('error', () => socket.destroy());
        far.on('close', () => socket.destroy());
        socket.on('close', () => far.destroy());
      });
    }),
  );
}
const refusal = (fields: string, body = '') =>
  `HTTP/1.1 407 x\r\nProxy-Authenticate: ${fields}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const basic = `Basic ${Buffer.from(`ada:${secret}`).toString('base64')}`;

describe('a tunnel through a proxy', () => {
  it('without a login, by address and by name, over IPv4 and IPv6', async () => {
    const port = await platform();
    const proxy = await scripted(() => 'tunnel');
    expect(await through(settings(proxy, { login: null }), port)).toBe('hello');
    expect(await through(settings(proxy, { host: 'localhost', login: null }), port)).toBe('hello');
    const six = await listen(
      createServer((socket) => {
        const far = connect(proxy, '127.0.0.1');
        socket.pipe(far).pipe(socket);
      }),
      '::1',
    );
    expect(await through(settings(six, { host: '::1', login: null }), port)).toBe('hello');
  });

  it.each([
    ['a body of known length', refusal('Basic realm="x"', 'x'.repeat(5000))],
    [
      'a body in chunks',
      'HTTP/1.1 407 x\r\nProxy-Authenticate: Basic\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ],
  ])('reads the refusal away, on one connection: %s', async (_, first) => {
    let connections = 0;
    const port = await platform();
    const proxy = await scripted((request, index) => {
      if (index === 0) connections += 1;
      return request.includes(basic) ? 'tunnel' : first;
    });
    expect(await through(settings(proxy), port)).toBe('hello');
    expect(connections).toBe(1);
  });

  it.each([
    ['a body too long', refusal('Basic').replace('Length: 0', 'Length: 100000')],
    ['a body without an end', 'HTTP/1.1 407 x\r\nProxy-Authenticate: Basic\r\n\r\nabc'],
    ['HTTP/1.0', 'HTTP/1.0 407 x\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n'],
    ['Connection: close', refusal('Basic\r\nConnection: close')],
  ])('takes a new connection behind %s', async (_, first) => {
    const asked: number[] = [];
    const port = await platform();
    const proxy = await scripted((request, index) => {
      asked.push(index);
      return request.includes(basic) ? 'tunnel' : first;
    });
    expect(await through(settings(proxy), port)).toBe('hello');
    expect(asked).toEqual([0, 0]);
  });

  it('sends Basic at once where it worked before', async () => {
    const requests: string[] = [];
    const port = await platform();
    const proxy = await scripted((request) => {
      requests.push(request.includes(basic) ? 'login' : 'plain');
      return request.includes(basic) ? 'tunnel' : refusal('Basic');
    });
    const connector = proxyConnector({ proxy: settings(proxy), random: systemRandom, clock: systemClock });
    for (let count = 0; count < 2; count += 1) {
      const opened = await connector.open({ host: '127.0.0.1', port }, AbortSignal.timeout(3000));
      expect(opened).toMatchObject({ ok: true, value: { via: `127.0.0.1:${proxy}` } });
      if (opened.ok) opened.value.stream.destroy();
    }
    expect(requests).toEqual(['plain', 'login', 'login']);
  });

  it('never sends Basic where NTLM is wanted', async () => {
    const requests: string[] = [];
    const proxy = await scripted((request) => {
      requests.push(request);
      return refusal('Basic realm="x"');
    });
    expect(await through(settings(proxy, { auth: 'ntlm' }), 1)).toMatchObject({ kind: 'proxy-no-auth' });
    expect(requests.join('')).not.toContain('Authorization');
  });

  it('over TLS with the proxy itself, whose certificate is verified', async () => {
    const port = await platform();
    const plain = await scripted(() => 'tunnel');
    const { createServer: createTls } = await import('node:tls');
    const secure = createTls(await ca.issue(['127.0.0.1']), (socket) => {
      const far = connect(plain, '127.0.0.1');
      socket.on('error', () => far.destroy());
      socket.pipe(far).pipe(socket);
    });
    const proxy = settings(await listen(secure), { tls: true });
    const open = (proxyCa: string | null) =>
      proxyConnector({ proxy, random: systemRandom, clock: systemClock, proxyCa }).open(
        { host: '127.0.0.1', port },
        AbortSignal.timeout(3000),
      );
    const opened = await open(ca.pem);
    expect(opened.ok).toBe(true);
    if (opened.ok) opened.value.stream.destroy();
    expect(await open(null)).toMatchObject({
      error: { kind: 'proxy-no-http', detail: expect.stringContaining('TLS with the proxy failed') },
    });
    expect(await through({ ...settings(plain), tls: true }, port)).toMatchObject({ kind: 'proxy-no-http' });
  });

  it('ends when it is cancelled', async () => {
    const proxy = await listen(createServer(() => {}));
    const abort = new AbortController();
    const connector = proxyConnector({ proxy: settings(proxy), random: systemRandom, clock: systemClock });
    const opening = connector.open({ host: '127.0.0.1', port: 1 }, abort.signal);
    setTimeout(() => abort.abort(), 30);
    expect(await opening).toMatchObject({ error: { kind: 'cancelled' } });
  });
});

describe('a proxy that misbehaves', () => {
  const onData = (serve: (socket: Socket) => void) => (socket: Socket) => void socket.once('data', () => serve(socket));
  it.each<[string, (socket: Socket) => void, Record<string, unknown>]>([
    ['does not answer', () => {}, { kind: 'proxy-connect-timeout', detail: 'connected, but no answer in 400 ms' }],
    ['closes at once', (socket) => socket.end(), { kind: 'proxy-closed' }],
    ['resets', (socket) => socket.resetAndDestroy(), { kind: 'proxy-closed' }],
    ['closes when it is asked', onData((socket) => socket.end()), { kind: 'proxy-closed' }],
    ['closes in the middle of its answer', onData((socket) => socket.end('HTTP/1.1 20')), { kind: 'proxy-closed' }],
    [
      'wants a login in HTTP/1.0, again and again',
      onData((socket) => socket.end('HTTP/1.0 407 x\r\nProxy-Authenticate: Basic\r\n\r\n')),
      { kind: 'proxy-auth-refused', proxy: { status: 407, ntlm: false } },
    ],
    [
      'wants a login for ever on one connection',
      (socket) => socket.on('data', () => socket.write(refusal('Basic'))),
      { kind: 'proxy-auth-refused' },
    ],
    [
      'says 404',
      onData((socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n')),
      { kind: 'proxy-status', proxy: { status: 404, ntlm: false } },
    ],
    [
      'says 502',
      onData((socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')),
      { kind: 'proxy-status', detail: 'HTTP 502' },
    ],
    [
      'says 503',
      onData((socket) => socket.end('HTTP/1.0 503 x\r\n\r\n')),
      { kind: 'proxy-status', detail: 'HTTP 503' },
    ],
    [
      'redirects',
      onData((socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n')),
      { kind: 'proxy-status', detail: 'HTTP 302' },
    ],
    ['says nonsense', onData((socket) => socket.write('\0\x01nonsense')), { kind: 'proxy-no-http' }],
    ['is an SSH server', (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'), { kind: 'proxy-no-http' }],
    [
      'sends one byte each 20 ms for ever',
      (socket) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 200 '.charAt(0)), 20);
        socket.on('close', () => clearInterval(timer));
      },
      { kind: 'proxy-no-http' },
    ],
    [
      'sends headers one byte each 20 ms for ever',
      (socket) => {
        let at = 0;
        const text = `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(9000)}`;
        const timer = setInterval(() => socket.write(text.charAt((at += 1) - 1)), 20);
        socket.on('close', () => clearInterval(timer));
      },
      { kind: 'proxy-connect-timeout' },
    ],
    [
      'sends headers without end',
      onData((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write(`A: ${'b'.repeat(4000)}\r\n`), 5);
        socket.on('close', () => clearInterval(timer));
      }),
      { kind: 'proxy-no-http' },
    ],
    [
      'sends interim answers without end',
      onData((socket) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 5);
        socket.on('close', () => clearInterval(timer));
      }),
      { kind: 'proxy-no-http' },
    ],
    [
      'offers only Negotiate',
      onData((socket) => socket.end('HTTP/1.1 407 x\r\nProxy-Authenticate: Negotiate\r\n\r\n')),
      { kind: 'proxy-no-auth', detail: 'it offers Negotiate' },
    ],
    [
      'opens a tunnel into silence',
      onData((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')),
      { kind: 'tls-handshake', detail: expect.stringContaining('through the proxy') },
    ],
    [
      'opens a tunnel and closes it',
      onData((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')),
      { kind: 'tls-handshake' },
    ],
    [
      'resets inside the NTLM exchange',
      (socket) => {
        let count = 0;
        socket.on('data', () => {
          count += 1;
          if (count === 3) socket.resetAndDestroy();
          else socket.write(refusal(count === 1 ? 'NTLM' : `NTLM ${ntlmDare}`));
        });
      },
      { kind: 'proxy-closed', proxy: { status: null, ntlm: true } },
    ],
    [
      'closes inside the NTLM exchange',
      (socket) => {
        let count = 0;
        socket.on('data', () => {
          count += 1;
          socket.write(refusal(count === 1 ? 'NTLM' : `NTLM ${ntlmDare}\r\nConnection: close`));
        });
      },
      { kind: 'proxy-closed', proxy: { status: null, ntlm: true } },
    ],
  ])('%s', async (_, serve, failure) => {
    const proxy = await listen(createServer(serve));
    expect(await through(settings(proxy), 9)).toMatchObject({ ...failure, maybeDelivered: false });
  });

  it('is not there, is a name that nothing resolves, or speaks TLS', async () => {
    const gone = createServer();
    const port = await listen(gone);
    await cleanUps.pop()?.();
    expect(await through(settings(port), 9)).toMatchObject({
      kind: 'proxy-connect-timeout',
      detail: 'the connection was refused: ECONNREFUSED',
    });
    expect(await through(settings(port, { host: 'no-such-proxy.invalid' }), 9)).toMatchObject({
      kind: 'proxy-connect-timeout',
      detail: expect.stringContaining('its name could not be resolved'),
    });
    expect(await through(settings(await platform()), 9)).toMatchObject({
      kind: expect.stringMatching(/^proxy-(closed|no-http)$/),
    });
  });

  const ntlmDare = Buffer.from(
    `4e544c4d5353500002000000${'0'.repeat(16)}358289e2${'1'.repeat(16)}${'0'.repeat(16)}0000000030000000`,
    'hex',
  ).toString('base64');
});

it('whatever a proxy sends and however it is cut into pieces, a tunnel fails in time and by a name', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'HTTP/1.1 407 x\r\n',
      'HTTP/1.0 200 OK',
      '\r\n',
      '\r\n\r\n',
      'Proxy-Authenticate: NTLM',
      'Content-Length: 9',
      '0\r\n',
      '\0',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.boolean(), async (pieces, ends) => {
      const serve = (socket: Socket) => {
        for (const each of pieces) socket.write(each, 'latin1');
        if (ends) socket.end();
      };
      const proxy = settings(await listen(createServer(serve)));
      const limits = { connectMs: 300, answerMs: 60, totalMs: 200 };
      const connector = proxyConnector({ proxy, random: systemRandom, clock: systemClock, ...limits });
      const opened = await connector.open({ host: '127.0.0.1', port: 9 }, AbortSignal.timeout(5000));
      if (opened.ok) opened.value.stream.destroy();
      else expect(opened.error.kind).toMatch(/^proxy-/);
      await cleanUps.pop()?.();
    }),
    { numRuns: 60 },
  );
});

it('a deadline that is over before the proxy answered is one, and no cancellation that nobody would be told of', async () => {
  const proxy = settings(await listen(createServer(() => {})));
  const connector = proxyConnector({ proxy, random: systemRandom, clock: systemClock });
  const asked = { origin: 'https://127.0.0.1:9', caSha256: ca.sha256, connector, deadlineMs: 100 };
  expect(await fetchPinnedCa(asked)).toMatchObject({ error: { kind: 'deadline' } });
});

it('bounds all steps together', async () => {
  // Every answer comes just in time; together they would take seconds.
  const proxy = await listen(
    createServer((socket) => {
      socket.on('data', () => setTimeout(() => socket.write(refusal('Digest realm="r", nonce="n", stale=true')), 150));
    }),
  );
  const limits = { answerMs: 1000, totalMs: 250 };
  const connector = proxyConnector({ proxy: settings(proxy), random: systemRandom, clock: systemClock, ...limits });
  const opened = await connector.open({ host: '127.0.0.1', port: 9 }, AbortSignal.timeout(5000));
  expect(opened).toMatchObject({ error: { kind: 'proxy-connect-timeout' } });
});

describe('a proxy that opens TLS sessions', () => {
  it('is told by the issuer of its certificates, and gets no request', async () => {
    const bump = await testCa('Bump authority');
    let requests = 0;
    const inside = await listen(
      createHttpsServer(await bump.issue(['127.0.0.1']), (_, response) => {
        requests += 1;
        response.writeHead(503).end();
      }),
    );
    const proxy = await scripted(() => 'tunnel');
    expect(await through(settings(proxy), inside)).toMatchObject({
      kind: 'intercepted',
      message: expect.stringContaining('Bump authority'),
      detail: expect.stringContaining('Bump authority'),
    });
    expect(requests).toBe(0);
    const connector = proxyConnector({ proxy: settings(proxy), random: systemRandom, clock: systemClock });
    const asked = { origin: `https://127.0.0.1:${inside}`, caSha256: ca.sha256, connector, deadlineMs: 3000 };
    expect(await fetchPinnedCa(asked)).toMatchObject({
      error: { kind: 'intercepted', detail: expect.stringContaining('Bump authority') },
    });
    const honest = { ...asked, origin: `https://127.0.0.1:${await platform()}` };
    expect(await fetchPinnedCa(honest)).toMatchObject({ ok: true });
  });

  it('is another thing than a certificate of the right authority that is wrong', async () => {
    const old = await listen(createHttpsServer(await ca.issue(['127.0.0.1'], 2), (_, response) => response.end()));
    const named = await listen(createHttpsServer(await ca.issue(['localhost']), (_, response) => response.end()));
    const proxy = await scripted(() => 'tunnel');
    expect(await through(settings(proxy), old)).toMatchObject({ kind: 'certificate', reason: 'expired' });
    expect(await through(settings(proxy), named)).toMatchObject({ kind: 'certificate', reason: 'wrong-host' });
  });
});
