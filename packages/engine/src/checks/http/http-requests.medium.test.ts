import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { digestAnswer, parseDigestChallenge } from '@picket/base/adapters/http-digest';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '@picket/checks/compile-check';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeSockets } from '../../adapters/node-sockets.ts';
import { checkSession, defaultCheckLimits } from '../check-session.ts';
import { type ProgramOutcome, runProgram } from '../program/run-program.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  return listen(createHttpServer(handle));
}

async function listen(server: Server | ReturnType<typeof createServer>): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Runs the `http:` part of a template against a port of loopback. */
async function run(http: string, port: number): Promise<ProgramOutcome> {
  const compiled = compileCheck(`id: tried\ninfo:\n  name: Tried\n  severity: low\nhttp:\n${http}`);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const signal = new AbortController().signal;
  const tools = { dialer: nodeSockets(), clock: systemClock, random: systemRandom, signal };
  const endpoint = { address: '127.0.0.1', name: null, port, tls: false };
  const session = checkSession(tools, defaultCheckLimits);
  const outcome = await runProgram(compiled.value.program(), endpoint, session);
  session.pool.close();
  return outcome;
}

const finds = (word: string) => `    matchers:\n      - type: word\n        words: ["${word}"]\n`;

describe('requests of HTTP templates', () => {
  it('knows answers of an earlier block by its name and their number', async () => {
    const port = await serve(({ url }, response) => response.writeHead(url === '/no' ? 404 : 200).end(`at ${url}`));
    const first = '  - id: first\n    path: ["{{BaseURL}}/yes", "{{BaseURL}}/no"]\n';
    const second = (dsl: string) =>
      `  - path: ["{{BaseURL}}/last"]\n    matchers:\n      - type: dsl\n        dsl: ["${dsl}"]\n`;
    const all =
      "first_status_code_1 == 200 && first_status_code == 404 && contains(first_body_1, 'yes') && status_code == 200";
    expect((await run(first + second(all), port)).matches).toHaveLength(1);
    // Numbers alone are those of the block itself: a stale answer never stands in for one to come.
    expect((await run(first + second('status_code_2 == 404'), port)).matches).toEqual([]);
  });

  it('reads the beginning of a compressed page that is longer than max-size, and judges none that it can not read', async () => {
    const page = `<h1>treasure</h1>${Array.from({ length: 40_000 }, (_, row) => `<td>${row}</td>`).join('')}`;
    const bodies = new Map<string | undefined, [string, Buffer]>([
      ['/long', ['gzip', gzipSync(page)]],
      ['/other', ['gzip', gzipSync(page.replace('treasure', 'nothing'))]],
      ['/odd', ['zstd', Buffer.from(page)]],
      ['/broken', ['gzip', Buffer.from('no gzip at all')]],
      ['/hostile', ['constructor', Buffer.from('nothing')]],
    ]);
    const port = await serve(({ url }, response) => {
      const [coding = '', body] = bodies.get(url) ?? [];
      response.writeHead(200, { 'content-encoding': coding }).end(body);
    });
    const ask = async (path: string) => {
      const { matches, failure } = await run(
        `  - path: ["{{BaseURL}}${path}"]\n    max-size: 65536\n${finds('treasure')}`,
        port,
      );
      return [matches.length, failure?.reason ?? null];
    };
    expect(await ask('/long')).toEqual([1, null]);
    expect(await ask('/other')).toEqual([0, null]);
    // What is plain for all that is said of it is looked at.
    expect(await ask('/odd')).toEqual([1, null]);
    expect(await ask('/broken')).toEqual([0, 'check-unsupported']);
    expect(await ask('/hostile')).toEqual([0, 'check-unsupported']);
  });

  it('sends nothing of a block whose pre-condition does not hold', async () => {
    const asked: string[] = [];
    const port = await serve(({ url }, response) => {
      asked.push(url ?? '');
      response.end(`at ${url}`);
    });
    const first = '  - path: ["{{BaseURL}}/first"]\n';
    const second = (dsl: string) =>
      `  - path: ["{{BaseURL}}/second"]\n    pre-condition:\n      - type: dsl\n        dsl: ["${dsl}"]\n${finds('at /second')}`;
    const held = await run(first + second("contains(http_body, 'at /first')"), port);
    expect([held.matches.length, held.failure]).toEqual([1, null]);
    const near = await run(first + second("contains(http_body, 'at /firsts')"), port);
    expect([near.matches.length, near.failure]).toEqual([0, null]);
    // Written for scans of other requests: that says nothing about this host.
    const other = await run(first + second("method == 'POST'"), port);
    expect(other.failure).toMatchObject({ reason: 'check-unsupported' });
    expect(asked).toEqual(['/first', '/second', '/first', '/first']);
  });

  it('sends a malformed request byte for byte, and only with unsafe', async () => {
    const received: string[] = [];
    const port = await listen(
      createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', (bytes) => {
          received.push(bytes.toString('latin1'));
          socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbent');
        });
      }),
    );
    const raw =
      '  - raw:\n      - |+\n        GET /..;/x HTTP/1.1\n        Content-Length: 0\n        content-length: 9\n        no colon here\n\n';
    const outcome = await run(`${raw}    unsafe: true\n${finds('bent')}`, port);
    expect(outcome.matches).toHaveLength(1);
    expect(received).toEqual([
      'GET /..;/x HTTP/1.1\r\nContent-Length: 0\r\ncontent-length: 9\r\nno colon here\r\n\r\n',
    ]);
    await expect(run(`${raw}${finds('bent')}`, port)).rejects.toThrow('raw-header');
  });

  it('asks once for each extracted value with iterate-all, else for the first alone', async () => {
    const asked: string[] = [];
    const port = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.end(request.url === '/list' ? '["a","b","c"]' : request.url === '/c' ? 'treasure' : 'nothing');
    });
    const block = (more: string) =>
      `  - path: ["{{BaseURL}}/list", "{{BaseURL}}/{{item}}"]\n${more}    extractors:\n      - type: json\n        name: item\n        internal: true\n        json: [".[]"]\n${finds('treasure')}`;
    expect((await run(block('    iterate-all: true\n'), port)).matches).toHaveLength(1);
    expect(asked).toEqual(['/list', '/a', '/b', '/c']);
    asked.length = 0;
    expect((await run(block(''), port)).matches).toEqual([]);
    expect(asked).toEqual(['/list', '/a']);
  });

  it('goes to another port of the host with @Host, and never to another host', async () => {
    const other = await serve((_request, response) => response.end('other port'));
    const port = await serve((_request, response) => response.end('own port'));
    const to = (host: string) =>
      `  - raw:\n      - |\n        @Host: ${host}\n        GET / HTTP/1.1\n${finds('other port')}`;
    expect((await run(to(`http://127.0.0.1:${other}`), port)).matches).toHaveLength(1);
    const refused = await run(to('http://127.0.0.2'), port);
    expect(refused).toMatchObject({ matches: [], failure: { reason: 'scope-denied' } });
  });

  it('answers a Digest challenge with what the template gives, once', async () => {
    let requests = 0;
    const port = await serve((request, response) => {
      requests += 1;
      const given = request.headers.authorization ?? '';
      const nonce = 'abc';
      const clientNonce = /cnonce="([^"]*)"/.exec(given)?.[1] ?? '';
      const challenge = parseDigestChallenge(`Digest realm="r", nonce="${nonce}", qop="auth"`);
      if (challenge === null) throw new Error('the test challenges wrongly');
      const right = { username: 'admin', password: 'word', method: 'GET', uri: '/status', clientNonce, count: 1 };
      if (given === digestAnswer(challenge, right)) return response.end('inside');
      response.writeHead(401, { 'www-authenticate': `Digest realm="r", nonce="${nonce}", qop="auth"` }).end('outside');
    });
    const as = (password: string) =>
      `  - path: ["{{BaseURL}}/status"]\n    digest-username: admin\n    digest-password: ${password}\n${finds('inside')}`;
    expect((await run(as('word'), port)).matches).toHaveLength(1);
    expect(requests).toBe(2);
    expect((await run(as('wrong'), port)).matches).toEqual([]);
    expect(requests).toBe(4);
  });

  it('asks several questions on one connection, and opens another when the server has hung up', async () => {
    let connections = 0;
    const server = createHttpServer((request, response) => {
      // The third answer is followed by the end of the connection, without a word about it in the answer.
      response.end(request.url === '/3' ? 'found' : 'nothing', () => request.url === '/3' && request.socket.destroy());
    });
    server.on('connection', () => (connections += 1));
    const port = await listen(server);
    const paths = [1, 2, 3, 4, 5].map((number) => `"{{BaseURL}}/${number}"`).join(', ');
    const outcome = await run(`  - path: [${paths}]\n${finds('found')}`, port);
    expect(outcome).toMatchObject({ matches: [{ instance: '/3' }], failure: null });
    expect(connections).toBe(2);
  });

  it('asks a server that leaves the end of its answers open to close the connection, from the second request on', async () => {
    const fields: (string | null)[] = [];
    const port = await listen(
      createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', (bytes) => {
          fields.push(/^connection: (.*)$/im.exec(bytes.toString('latin1'))?.[1]?.trim() ?? null);
          socket.write('HTTP/1.1 200 OK\r\n\r\nfound');
          if (fields.at(-1) === 'close') socket.end();
        });
      }),
    );
    const raw = (path: string) => `      - |\n        @timeout: 200ms\n        GET ${path} HTTP/1.1\n\n`;
    const outcome = await run(`  - raw:\n${raw('/1')}${raw('/2')}${finds('found')}`, port);
    expect(outcome.matches.map(({ instance }) => instance)).toEqual(['/1', '/2']);
    expect(fields).toEqual([null, 'close']);
  });

  it('sends the requests of a race side by side, so many at once as the template says', async () => {
    let open = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const port = await serve((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      waiting.push(() => {
        open -= 1;
        response.end('raced');
      });
      // Nobody is answered before two wait: alone, the second would never come.
      if (waiting.length === 2) for (const answer of waiting.splice(0)) answer();
    });
    const raw = '  - raw:\n      - |\n        GET /race HTTP/1.1\n';
    const outcome = await run(`${raw}    race: true\n    race_count: 4\n    threads: 2\n${finds('raced')}`, port);
    expect(outcome.matches).toHaveLength(4);
    expect(most).toBe(2);
  });
});
