import { createServer, type Socket } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '@picket/checks/compile-check';
import { expect, onTestFinished, test } from 'vitest';
import { nodeSockets } from '../../adapters/node-sockets.ts';
import { type CheckLimits, checkSession, defaultCheckLimits } from '../check-session.ts';
import { runProgram } from '../program/run-program.ts';

const say = (status: number, body: string) => `HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** Runs a pipeline for the pages /1 to /`pages` against a server that gets the paths of each connection as they come. */
async function pipeline(
  pages: number,
  answer: (socket: Socket, path: string, nth: number) => void,
  how: { readonly more?: string; readonly limits?: Partial<CheckLimits> } = {},
) {
  const connections: string[][] = [];
  const server = createServer((socket) => {
    const paths: string[] = [];
    connections.push(paths);
    let open = '';
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.on('data', (bytes) => {
      const requests = (open + bytes.toString('latin1')).split('\r\n\r\n');
      open = requests.pop() ?? '';
      for (const request of requests) {
        paths.push(request.split(' ')[1] ?? '');
        answer(socket, paths.at(-1) ?? '', paths.length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const words = Array.from({ length: pages }, (_, at) => `"${at + 1}"`).join(', ');
  const source = `id: lines\ninfo:\n  name: Lines\nhttp:\n  - raw:\n      - |+\n        GET /{{page}} HTTP/1.1\n        Host: {{Hostname}}\n\n    payloads:\n      page: [${words}]\n    unsafe: true\n    pipeline: true\n${how.more ?? ''}    matchers:\n      - type: status\n        status: [200]\n`;
  const compiled = compileCheck(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const signal = new AbortController().signal;
  const tools = { dialer: nodeSockets(), clock: systemClock, random: systemRandom, signal };
  const session = checkSession(tools, { ...defaultCheckLimits, httpMs: 500, ...how.limits });
  const endpoint = { address: '127.0.0.1', name: null, port, tls: false };
  const { matches, failure } = await runProgram(compiled.value.program(), endpoint, session);
  return { found: matches.map(({ instance }) => instance), matches, failure, connections };
}

test('sends all requests on one connection before it has an answer, and pairs the answers with them', async () => {
  const waiting: string[] = [];
  const { found, matches, failure, connections } = await pipeline(5, (socket, path, nth) => {
    waiting.push(say(path === '/2' || path === '/4' ? 200 : 404, `page ${path}`));
    if (nth === 5) socket.write(waiting.join(''));
  });
  expect([found, failure]).toEqual([['/2', '/4'], null]);
  expect(matches.map(({ request, response }) => [request.split(' ')[1], response.split('\r\n\r\n')[1]])).toEqual([
    ['/2', 'page /2'],
    ['/4', 'page /4'],
  ]);
  expect(connections).toEqual([['/1', '/2', '/3', '/4', '/5']]);
});

test('shares the requests out over connections', async () => {
  const more = '    pipeline-concurrent-connections: 2\n    pipeline-requests-per-connection: 3\n';
  const { found, failure, connections } = await pipeline(
    7,
    (socket, path) => void socket.write(say(path === '/7' ? 200 : 404, '')),
    {
      more,
    },
  );
  expect([found, failure]).toEqual([['/7'], null]);
  expect(connections.map(({ length }) => length)).toEqual([3, 3, 1]);
});

test('never puts more than 50 requests on a connection', async () => {
  const more = '    pipeline-requests-per-connection: 25000\n';
  const { connections } = await pipeline(60, (socket) => void socket.write(say(404, '')), { more });
  expect(connections.map(({ length }) => length)).toEqual([50, 10]);
});

test('a server that closes early leaves the others without an answer, and what it said is kept', async () => {
  const early = await pipeline(
    4,
    (socket, _path, nth) => void (nth === 2 ? socket.end(say(200, 'x')) : nth < 2 && socket.write(say(404, ''))),
  );
  expect(early.found).toEqual(['/2']);
  const near = await pipeline(
    4,
    (socket, _path, nth) => void (nth === 2 ? socket.end(say(404, 'x')) : nth < 2 && socket.write(say(404, ''))),
  );
  expect(near.found).toEqual([]);
  expect(near.failure).toMatchObject({
    reason: 'connection-failed',
    detail: expect.stringContaining('closed a pipeline'),
  });
});

test.each<[string, (socket: Socket, path: string, nth: number) => void, readonly string[], RegExp]>([
  [
    'an answer too many',
    (socket, _path, nth) => void socket.write(say(nth === 2 ? 200 : 404, '').repeat(nth)),
    [],
    /more answers/,
  ],
  [
    'one too many, later',
    (socket, _path, nth) =>
      void (socket.write(say(200, '')), nth === 3 && setTimeout(() => socket.write(say(200, '')), 50)),
    [],
    /more answers/,
  ],
  [
    'noise in between',
    (socket, _path, nth) => void socket.write(`${say(nth === 1 ? 404 : 200, '')}noise`),
    [],
    /no HTTP/,
  ],
  ['silence', () => {}, [], /no answer/],
  [
    'a request that waits for ever',
    (socket, _path, nth) => void (nth !== 2 && socket.write(say(404, ''))),
    [],
    /no answer/,
  ],
])('gives no verdict after %s', async (_what, answer, found, why) => {
  const outcome = await pipeline(3, answer);
  expect(outcome.found).toEqual(found);
  expect(outcome.failure?.detail).toMatch(why);
});

test('sends no more than the budget of the port allows', async () => {
  const { failure, connections } = await pipeline(5, (socket) => void socket.write(say(404, '')), {
    limits: { exchangesPerPort: 3 },
  });
  expect(failure).toMatchObject({ reason: 'budget-exhausted' });
  expect(connections).toEqual([['/1', '/2', '/3']]);
});
