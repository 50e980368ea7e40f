import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type ConnectProber, openConnectProber } from './connect-prober.ts';

const servers: Server[] = [];
const probers: ConnectProber[] = [];

afterEach(async () => {
  for (const prober of probers.splice(0)) prober.close();
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
});

function prober(): ConnectProber {
  const opened = openConnectProber();
  if (!opened.ok) throw new Error(opened.error.detail);
  probers.push(opened.value);
  return opened.value;
}

async function listen(host: string, onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer(onSocket);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, host, done));
  return (server.address() as AddressInfo).port;
}

async function refusedPort(): Promise<number> {
  const port = await listen('127.0.0.1', () => {});
  const server = servers.pop();
  await new Promise((done) => server?.close(done));
  return port;
}

test.each(['127.0.0.1', '::1'])(
  'a listening port of %s is open, and the connection ends with a reset',
  async (address) => {
    const ended = Promise.withResolvers<string>();
    const port = await listen(address, (socket) =>
      socket.on('error', ({ message }) => ended.resolve(message)).resume(),
    );
    expect(await prober().probe({ address, port, timeoutMs: 5000 })).toEqual({ ok: true, value: null });
    expect(await ended.promise).toContain('ECONNRESET');
  },
);

test('a port where nothing listens is refused', async () => {
  const answer = await prober().probe({ address: '127.0.0.1', port: await refusedPort(), timeoutMs: 5000 });
  expect(answer).toEqual({ ok: false, error: { kind: 'refused', detail: 'ECONNREFUSED' } });
});

test('an address that cannot be reached is unreachable', async () => {
  const answer = await prober().probe({ address: '255.255.255.255', port: 9, timeoutMs: 5000 });
  expect(answer).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
});

test('a thousand at once are answered side by side', async () => {
  const quick = prober();
  const open = await listen('127.0.0.1', (socket) => socket.on('error', () => {}).resume());
  const many = await Promise.all(
    Array.from({ length: 1000 }, () => quick.probe({ address: '127.0.0.1', port: open, timeoutMs: 10_000 })),
  );
  expect(many.filter(({ ok }) => !ok)).toEqual([]);
});

test('a probe whose signal has aborted says so, unless the answer was there first', async () => {
  const port = await listen('127.0.0.1', (socket) => socket.on('error', () => {}).resume());
  const signal = AbortSignal.abort();
  const answer = await prober().probe({ address: '127.0.0.1', port, timeoutMs: 5000, signal });
  expect(answer.ok || answer.error.kind === 'cancelled').toBe(true);
});
