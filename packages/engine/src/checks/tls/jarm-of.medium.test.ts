import { createServer as createTcpServer, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { nodeSockets } from '../../adapters/node-sockets.ts';
import { exampleCertificate } from '../../content-testing/example-certificate.ts';
import { closedPort } from '../../testing/loopback.ts';
import { runTemplate } from '../../testing/run-template.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function tlsServer(options: TlsOptions): Promise<number> {
  const certificate = exampleCertificate({ name: 'www.example.test', issuer: 'self' });
  const server = createServer({ ...certificate, ...options }, (socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  return listening(server);
}

const tcpServer = (talk: (socket: Socket) => void) =>
  listening(
    createTcpServer((socket) => {
      socket.on('error', () => {});
      ends.push(() => socket.destroy());
      talk(socket);
    }),
  );

async function listening(server: ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Connections that were opened, counted. */
function countingDialer() {
  const sockets = nodeSockets();
  const counted = { opened: 0 };
  const dialer: typeof sockets = {
    ...sockets,
    connectTcp: (request) => {
      counted.opened += 1;
      return sockets.connectTcp(request);
    },
  };
  return { dialer, counted };
}

/** A template that shows the fingerprint of `place`. */
const shows = (place: string) => `id: jarm-shown
info:
  name: Shown
  severity: info
tcp:
  - host: ["{{Hostname}}"]
    inputs:
      - data: 2E
        type: hex
    matchers:
      - type: dsl
        dsl: ["len(jarm(${place})) == 62"]
    extractors:
      - type: dsl
        dsl: ["jarm(${place})"]
`;

async function fingerprint(port: number, place = 'Hostname') {
  const { dialer, counted } = countingDialer();
  const { matches, failure } = await runTemplate(shows(place), { port, dialer, limits: { firstByteMs: 400 } });
  return { jarm: matches[0]?.extracted[0] ?? null, failure, opened: counted.opened };
}

it('tells servers apart by version and suites, the same each time, with ten hellos for all who ask', async () => {
  const old = await tlsServer({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
  const modern = await tlsServer({ ALPNProtocols: ['h2', 'http/1.1'] });
  const first = await fingerprint(old);
  expect(first.jarm).toMatch(/^[0-9a-f]{62}$/);
  expect(first.failure).toBeNull();
  // One for the conversation of the block.
  expect(first.opened).toBe(11);
  expect((await fingerprint(old)).jarm).toBe(first.jarm);
  const second = await fingerprint(modern);
  // Suites of TLS 1.3 answer the hellos that offer them.
  expect(second.jarm?.slice(18, 21)).toMatch(/^4[12]d$/);
  expect(first.jarm?.slice(18, 21)).not.toMatch(/^4[12]d$/);
  expect(second.jarm?.slice(30)).not.toBe(first.jarm?.slice(30));
});

it('is all zeros for what is no TLS, which decides the check', async () => {
  const found = await fingerprint(await tcpServer((socket) => socket.end('SSH-2.0-x\r\n')));
  expect(found).toMatchObject({ jarm: '0'.repeat(62), failure: null });
});

it('is all zeros for a port where nothing listens, and decides nothing', async () => {
  const server = await tcpServer((socket) => socket.end('hello'));
  const found = await fingerprint(server, `concat(Host, ':${await closedPort()}')`);
  expect(found).toMatchObject({ jarm: '0'.repeat(62), failure: { reason: 'connection-failed' } });
});

it('does not stand long before a server that takes a hello and says nothing', async () => {
  const found = await fingerprint(await tcpServer(() => {}));
  expect(found).toMatchObject({ jarm: '0'.repeat(62), failure: { reason: 'timeout' } });
  expect(found.opened).toBe(2);
});

it('is of the scanned host alone', async () => {
  const found = await fingerprint(await tcpServer((socket) => socket.end('x')), "'127.0.0.2:443'");
  expect(found).toMatchObject({ jarm: null, opened: 1, failure: { reason: 'scope-denied' } });
});

it('takes nonsense for an answer and ends', async () => {
  // A record that claims 65,535 bytes, a hello whose lengths all lie, and noise without an end.
  const lies = Buffer.from(`16030300310200002d0303${'ff'.repeat(32)}20${'00'.repeat(8)}ffff`, 'hex');
  const port = await tcpServer((socket) => {
    socket.write(Buffer.from('160303ffff', 'hex'));
    for (let at = 0; at < 40; at += 1) socket.write(Buffer.alloc(4096, 0x5a));
  });
  expect(await fingerprint(port)).toMatchObject({ jarm: '0'.repeat(62), failure: null });
  const second = await fingerprint(await tcpServer((socket) => socket.end(lies)));
  expect(second.jarm).toMatch(/^[0-9a-f]{62}$/);
});
