import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { readAway } from './read-away.ts';

interface Refusal {
  readonly status: number;
  /** The server waited so long with its answer, milliseconds. */
  readonly waited: number;
}

/** A server that refuses every body, having read it away within `limits`. */
async function refusing(limits?: { bytes: number; milliseconds: number }): Promise<Server> {
  const server = createServer(async (incoming, answer) => {
    const started = performance.now();
    await readAway(incoming, limits);
    answer.writeHead(413, { connection: 'close', 'x-waited': String(performance.now() - started) }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

/** Sends `sent` of the `promised` bytes. */
function send(server: Server, promised: number, sent: number): Promise<Refusal> {
  return new Promise((resolve, reject) => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : null;
    const headers = { 'content-length': String(promised) };
    const asked = request({ host: '127.0.0.1', port, method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, waited: Number(answer.headers['x-waited']) });
    });
    asked.on('error', reject);
    asked.write(Buffer.alloc(sent));
    if (sent === promised) asked.end();
  });
}

test('the answer to a body that is refused reaches a client that sends the whole of it first', async () => {
  const server = await refusing();
  expect((await send(server, 8_000_000, 8_000_000)).status).toBe(413);
});

test('a client that stops half-way is waited for no longer than the bound', async () => {
  const server = await refusing({ bytes: 1_000_000, milliseconds: 200 });
  const { status, waited } = await send(server, 900_000, 100_000);
  expect(status).toBe(413);
  expect(waited).toBeGreaterThan(150);
});

test('no more is read than the bound', async () => {
  const server = await refusing({ bytes: 100_000, milliseconds: 600_000 });
  expect((await send(server, 1_000_000_000, 400_000)).status).toBe(413);
});
