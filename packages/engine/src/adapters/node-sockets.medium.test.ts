import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Connection } from '@picket/base/dialer';
import { closedPort, listen } from '../testing/loopback.ts';
import { nodeSockets } from './node-sockets.ts';

const sockets = nodeSockets();

async function server(...args: Parameters<typeof listen>) {
  const running = await listen(...args);
  onTestFinished(() => running.close());
  return running;
}

async function connected(port: number, signal?: AbortSignal): Promise<Connection> {
  const dialed = await sockets.connectTcp({
    address: '127.0.0.1',
    port,
    timeoutMs: 5000,
    ...(signal ? { signal } : {}),
  });
  if (!dialed.ok) throw new Error(dialed.error.kind);
  return dialed.value;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const read = { timeoutMs: 5000, maxBytes: 1000 };

describe('TCP', () => {
  test('a listener accepts, a port without one refuses', async () => {
    const { port } = await server(() => {});
    const connection = await connected(port);
    connection.close();
    connection.close();
    const refused = await sockets.connectTcp({ address: '127.0.0.1', port: await closedPort(), timeoutMs: 5000 });
    expect(refused).toEqual({ ok: false, error: { kind: 'refused', detail: 'ECONNREFUSED' } });
  });

  test('gives the descriptor back when the peer said its greeting and hung up first', async () => {
    const { port } = await server((socket) => socket.end('hello'));
    const open = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    const before = open();
    for (let turn = 0; turn < 20; turn += 1) {
      const connection = await connected(port);
      const { bytes } = await connection.read({ ...read, until: () => false });
      expect(text(bytes)).toBe('hello');
      connection.close();
    }
    await expect.poll(open).toBeLessThanOrEqual(before);
  });

  test('a listener that resets at once counts as open whichever way the race goes', async () => {
    const { port } = await server((socket) => socket.resetAndDestroy());
    const seen = new Set<string>();
    for (let turn = 0; turn < 50; turn += 1) {
      const dialed = await sockets.connectTcp({ address: '127.0.0.1', port, timeoutMs: 5000 });
      seen.add(dialed.ok ? 'accepted' : dialed.error.kind);
      if (dialed.ok) dialed.value.close();
    }
    expect([...seen].filter((kind) => kind !== 'accepted' && kind !== 'reset')).toEqual([]);
  });

  test('a connection on which nothing was written is closed with a reset, so that the target keeps nothing', async () => {
    const closed = Promise.withResolvers<void>();
    const running = await server((socket) => socket.on('close', () => closed.resolve()));
    (await connected(running.port)).close();
    await closed.promise;
    expect(running.ends).toEqual(['reset']);
  });

  test('the end of a run resets a conversation too: a FIN that nobody acknowledges would be sent again for minutes', async () => {
    const closed = Promise.withResolvers<void>();
    const running = await server((socket) => {
      socket.on('data', (bytes) => socket.write(bytes));
      socket.on('close', () => closed.resolve());
    });
    const run = new AbortController();
    const connection = await connected(running.port, run.signal);
    await connection.write(new TextEncoder().encode('hello'));
    expect(text((await connection.read(read)).bytes)).toBe('hello');
    run.abort();
    await closed.promise;
    expect(running.ends).toEqual(['reset']);
    expect((await connection.read(read)).end).toBe('cancelled');
  });

  test('silence ends with the time-out', async () => {
    // With a backlog of 0 the kernel queues one connection and drops the SYNs of all others while nobody accepts.
    const { port, child } = await deafListener();
    onTestFinished(async () => {
      child.kill();
      await once(child, 'exit');
    });
    const results = await Promise.all(
      Array.from({ length: 6 }, () => sockets.connectTcp({ address: '127.0.0.1', port, timeoutMs: 300 })),
    );
    for (const result of results) if (result.ok) result.value.close();
    expect(results.some((result) => !result.ok && result.error.kind === 'timeout')).toBe(true);
  });

  test('an abort ends a dial, a read and the connection', async () => {
    const { port } = await server(() => {});
    const abort = new AbortController();
    const connection = await connected(port, abort.signal);
    const reading = connection.read({ timeoutMs: 60_000, maxBytes: 10 });
    abort.abort();
    expect((await reading).end).toBe('cancelled');
    expect(await connection.write(new Uint8Array(1))).toMatchObject({ ok: false });
    const dialed = await sockets.connectTcp({ address: '127.0.0.1', port, timeoutMs: 5000, signal: abort.signal });
    expect(dialed).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
  });
});

describe('reading', () => {
  test('stops at the first data, keeps the rest, and tells the end', async () => {
    const { port } = await server((socket) => socket.end('hello world'));
    const connection = await connected(port);
    const first = await connection.read({ ...read, maxBytes: 5, until: () => false });
    expect([text(first.bytes), first.end]).toEqual(['hello', 'limit']);
    const second = await connection.read(read);
    expect([text(second.bytes), second.end]).toEqual([' world', 'complete']);
    expect((await connection.read(read)).end).toBe('closed');
    connection.close();
  });

  test('goes on until the message is whole', async () => {
    const { port } = await server((socket) => {
      socket.write('220-a\r\n');
      setImmediate(() => socket.write('220 b\r\n'));
    });
    const connection = await connected(port);
    const whole = await connection.read({ ...read, until: (bytes) => /^220 .*\r\n$/m.test(text(bytes)) });
    expect([text(whole.bytes), whole.end]).toEqual(['220-a\r\n220 b\r\n', 'complete']);
    connection.close();
  });

  test('gives what came when the time is up, the limit is met or the peer resets', async () => {
    const silent = await server((socket) => socket.write('part'));
    const one = await connected(silent.port);
    const timedOut = await one.read({ timeoutMs: 200, maxBytes: 100, until: () => false });
    expect([text(timedOut.bytes), timedOut.end]).toEqual(['part', 'timeout']);
    one.close();
    const flood = await server((socket) => socket.write(Buffer.alloc(1_000_000, 'x')));
    const two = await connected(flood.port);
    const limited = await two.read({ timeoutMs: 5000, maxBytes: 300_000, until: () => false });
    expect([limited.bytes.length, limited.end]).toEqual([300_000, 'limit']);
    two.close();
    const rude = await server((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const three = await connected(rude.port);
    await three.write(new TextEncoder().encode('hi'));
    expect((await three.read(read)).end).toBe('reset');
    three.close();
  });
});

describe('UDP', () => {
  async function udpServer(answers: number) {
    const socket = createSocket('udp4');
    socket.on('message', (message, peer) => {
      for (let index = 0; index < answers; index += 1) socket.send(`${index}:${message}`, peer.port, peer.address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    onTestFinished(() => {
      socket.close();
    });
    return socket.address().port;
  }
  const ask = (port: number, maxAnswers = 1, timeoutMs = 3000) =>
    sockets.exchangeUdp({ address: '127.0.0.1', port, timeoutMs, maxAnswers, payload: new TextEncoder().encode('q') });

  test('answers are collected up to the number wanted', async () => {
    const one = await ask(await udpServer(3));
    expect(one.ok && one.value.map(text)).toEqual(['0:q']);
    const three = await ask(await udpServer(3), 3);
    expect(three.ok && three.value.map(text)).toEqual(['0:q', '1:q', '2:q']);
  });

  test('fewer answers than wanted are given when the time is up; none is a time-out', async () => {
    const some = await ask(await udpServer(2), 5, 200);
    expect(some.ok && some.value).toHaveLength(2);
    expect(await ask(await udpServer(0), 1, 100)).toMatchObject({ error: { kind: 'timeout' } });
  });

  // A link-local address without its link, and broadcast: the kernel refuses to connect, no packet leaves.
  test.each(['fe80::1', '255.255.255.255'])(
    'a datagram that has no way to %s is unreachable, and nothing more happens',
    async (address) => {
      const request = { address, port: 9, timeoutMs: 3000, payload: new Uint8Array(1) };
      expect(await sockets.exchangeUdp(request)).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
    },
  );

  test('a port without a listener refuses', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    await once(socket, 'close');
    expect(await ask(port)).toMatchObject({ ok: false, error: { kind: 'refused' } });
  });
});

/** A process that listens with the smallest backlog and never gets round to accepting. */
async function deafListener() {
  const { spawn } = await import('node:child_process');
  const code = `const s=require('net').createServer();s.listen({host:'127.0.0.1',port:0,backlog:1},()=>{process.stdout.write(String(s.address().port)+'\\n',()=>{for(;;)Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,1000)})})`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(child.stdout, 'data');
  return { port: Number(String(line).trim()), child };
}
