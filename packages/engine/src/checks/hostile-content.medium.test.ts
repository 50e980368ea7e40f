import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { DialRequest } from '@picket/base/dialer';
import { compileCheck } from '@picket/checks/compile-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { checkSession, defaultCheckLimits } from './check-session.ts';
import { runProgram } from './program/run-program.ts';

const here = '127.0.0.1';

/** A server that says the same to everybody; `asked` has what came. */
async function serve(say: (socket: Socket, request: string) => void) {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      asked.push(bytes.toString('latin1'));
      say(socket, bytes.toString('latin1'));
    });
  });
  onTestFinished(() => void server.close());
  server.listen(0, here);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, asked };
}

const compiled = (http: string) => compileCheck(`id: hostile\ninfo:\n  name: Hostile\n  severity: low\nhttp:\n${http}`);

/** Runs a template and notes every place that it dialed. */
async function run(http: string, port: number, httpMs = 1500) {
  const check = compiled(http);
  if (!check.ok) throw new Error(JSON.stringify(check.error));
  const dialed = new Set<string>();
  const sockets = nodeSockets();
  const dialer = {
    ...sockets,
    connectTcp: (request: DialRequest) => {
      dialed.add(request.address);
      return sockets.connectTcp(request);
    },
  };
  const tools = { dialer, clock: systemClock, random: systemRandom, signal: new AbortController().signal };
  const session = checkSession(tools, { ...defaultCheckLimits, httpMs, checkMs: 5000 });
  onTestFinished(() => session.pool.close());
  const outcome = await runProgram(check.value.program(), { address: here, name: null, port, tls: false }, session);
  return { ...outcome, dialed: [...dialed] };
}

const ok = (body: string, fields = '') => `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
const always = '    matchers:\n      - type: dsl\n        dsl: ["true"]\n';
const page = `  - path: ["{{BaseURL}}/"]\n`;

describe('templates that want to reach another host', () => {
  test.each([
    ['an absolute form', '  - raw:\n      - |\n        GET http://127.0.0.2/ HTTP/1.1\n'],
    ['an annotation', '  - raw:\n      - |\n        @Host: 127.0.0.2\n        GET / HTTP/1.1\n'],
    [
      'an address in another writing',
      '  - raw:\n      - |\n        @Host: http://0x7f000002\n        GET / HTTP/1.1\n',
    ],
    ['a full URL', '  - path: ["http://127.0.0.2/"]\n'],
    ['user information', '  - path: ["http://{{Hostname}}@127.0.0.2/"]\n'],
    ['a URL that goes on after the host', '  - path: ["{{BaseURL}}@127.0.0.2/"]\n'],
    ['a longer name', '  - path: ["{{RootURL}}.example.test/"]\n'],
    ['a variable', '  - path: ["{{elsewhere}}"]\n    payloads:\n      elsewhere: ["http://127.0.0.2/"]\n'],
  ])('by %s get nowhere', async (_how, requests) => {
    const { port } = await serve((socket) => socket.end(ok('x')));
    const outcome = await run(requests + always, port);
    expect(outcome.dialed.filter((address) => address !== here)).toEqual([]);
  });

  test('a redirect to another host or port is not followed', async () => {
    for (const location of ['http://127.0.0.2/', '//127.0.0.2/', 'http://127.0.0.1:1/', 'https://127.0.0.1/']) {
      const { port, asked } = await serve((socket) =>
        socket.end(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`),
      );
      const outcome = await run(`${page}    redirects: true\n${always}`, port);
      expect(outcome.dialed).toEqual([here]);
      expect(asked).toHaveLength(1);
    }
  });

  test('what a target answers cannot add lines to a request or become an expression', async () => {
    const { port, asked } = await serve((socket, request) =>
      socket.end(request.startsWith('GET / ') ? ok('token=a\rX-Planted: 1;{{md5("a")}}') : ok('second')),
    );
    const http = `  - raw:\n      - |\n        GET / HTTP/1.1\n      - |\n        GET /next HTTP/1.1\n        X-Token: {{token}}\n    extractors:\n      - type: regex\n        name: token\n        internal: true\n        group: 1\n        regex: ["token=([^;]+)"]\n    matchers:\n      - type: word\n        words: ["second"]\n`;
    const outcome = await run(http, port);
    expect(asked).toHaveLength(1);
    expect(outcome).toMatchObject({ matches: [], failure: { reason: 'check-unsupported' } });
  });
});

describe('templates that want more than there is', () => {
  test.each([
    ['a file outside of the pack', `${page}    payloads:\n      word: ../../../etc/passwd\n`, 'payload-file'],
    ['an absolute path', `${page}    payloads:\n      word: /etc/passwd\n`, 'payload-file'],
    [
      'combinations without end',
      `${page}    attack: clusterbomb\n    payloads:\n${['a', 'b', 'c'].map((name) => `      ${name}: [${Array(40).fill('x').join(', ')}]\n`).join('')}`,
      'payload-count',
    ],
  ])('%s is refused when it is loaded', (_what, http, what) => {
    const check = compiled(http + always);
    expect(check.ok ? [] : check.error.problems.map((problem) => problem.what)).toContain(what);
  });

  test('texts that grow end as values that are not there', async () => {
    const { port } = await serve((socket) => socket.end(ok('x')));
    const grow = ['repeat("a", 99999999999)', 'repeat(repeat("a", 8000000), 9)', 'wait_for(99999) || true'];
    const http = `${page}    matchers:\n      - type: dsl\n        dsl: ${JSON.stringify(grow)}\n`;
    expect((await run(http, port)).matches).toEqual([]);
  });
});

describe('answers that want to harm the scanner', () => {
  const endless = (socket: Socket, start: string, piece: string) => {
    socket.write(start);
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', more);
    more();
  };

  test.each<[string, (socket: Socket) => void]>([
    ['a body without end', (socket) => endless(socket, 'HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(65_536))],
    [
      'a body of a gigabyte',
      (socket) => endless(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n', 'y'.repeat(65_536)),
    ],
    ['header fields without end', (socket) => endless(socket, 'HTTP/1.1 200 OK\r\n', 'X-More: 1\r\n'.repeat(1000))],
    [
      'chunks without end',
      (socket) => endless(socket, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'.repeat(1000)),
    ],
    ['interim answers without end', (socket) => endless(socket, '', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000))],
    ['a chunk that lies', (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nx')],
    ['bytes that are no text', (socket) => socket.end(Buffer.from(ok('\xff\xfe\x80\x00\xc3('), 'latin1'))],
    ['a length below zero', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx')],
    ['silence', () => {}],
    ['no HTTP', (socket) => endless(socket, '', '\x00'.repeat(65_536))],
  ])('%s is contained', async (_what, say) => {
    const { port } = await serve(say);
    const outcome = await run(`${page}    matchers:\n      - type: word\n        words: ["never there"]\n`, port);
    expect(outcome.matches).toEqual([]);
  });

  test('a body that grows when it is unpacked is cut to the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1_048_576));
    const { port } = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      socket.end(bomb);
    });
    const http = `${page}    matchers:\n      - type: dsl\n        dsl: ["len(body) > 2000000"]\n`;
    expect((await run(http, port)).matches).toEqual([]);
  });

  test('a byte at a time ends with the time of the exchange', async () => {
    const { port } = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write('z'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const outcome = await run(`${page}    matchers:\n      - type: word\n        words: ["never"]\n`, port, 300);
    expect(outcome.failure).not.toBe(null);
  });
});
