import type { Socket } from 'node:net';
import { also, type CasePlay, judgeCount } from '../conformance-case.ts';
import { startSocketServer, startTlsServer } from '../socket-server.ts';
import {
  formOf,
  notFound,
  type SeenRequest,
  startWeb,
  unauthorised,
  type WebAnswer,
  type WebReply,
} from '../web-server.ts';

/** A web server, the template on it, and the number of results. */
function web(answer: WebAnswer): CasePlay {
  return async (tools, expect) => {
    const server = tools.own(await startWeb(answer));
    return judgeCount(await tools.run({ port: server.port }), expect);
  };
}

const at = (pages: Readonly<Record<string, string | WebReply>>) => (request: SeenRequest) =>
  pages[request.target] ?? notFound;
const when = (holds: (request: SeenRequest) => boolean, body: string) => (request: SeenRequest) =>
  holds(request) ? body : unauthorised;

const rightForm = (request: SeenRequest) => {
  const form = formOf(request);
  return request.method === 'POST' && form.username === 'test' && form.password === 'nuclei';
};

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Plain requests and answers. */
export const httpPlainCases: Readonly<Record<string, CasePlay>> = {
  'protocols/http/get-headers.yaml': web(
    when(({ headers }) => headers.test?.toLowerCase() === 'nuclei', 'This is test headers matcher text'),
  ),
  'protocols/http/get-query-string.yaml': web(
    when(
      ({ target }) => new URL(target, 'http://x').searchParams.get('test') === 'nuclei',
      'This is test querystring matcher text',
    ),
  ),
  'protocols/http/post-body.yaml': web(when(rightForm, 'This is test post-body matcher text')),
  'protocols/http/raw-post-body.yaml': web(when(rightForm, 'Test is test raw-post-body-matcher text')),
  'protocols/http/post-json-body.yaml': web(
    when(({ method, body }) => {
      const sent = JSON.parse(body) as { username?: unknown; password?: unknown };
      return method === 'POST' && sent.username === 'test' && sent.password === 'nuclei';
    }, 'This is test post-json-body matcher text'),
  ),
  'protocols/http/post-multipart-body.yaml': web(when(rightParts, 'This is test post-multipart matcher text')),
  'protocols/http/raw-cookie-reuse.yaml': web((request) => {
    if (request.method === 'POST')
      return formOf(request).testing === 'parameter'
        ? { headers: { 'set-cookie': 'nuclei=test' }, body: '' }
        : unauthorised;
    return request.headers.cookie?.includes('nuclei=test') ? 'Test is test-cookie-reuse matcher text' : unauthorised;
  }),
  'protocols/http/raw-dynamic-extractor.yaml': web((request) => {
    if (request.method === 'POST') return formOf(request).testing === 'parameter' ? "Token: 'nuclei'" : unauthorised;
    return request.target === '/?username=nuclei' ? 'Test is test-dynamic-extractor-raw matcher text' : unauthorised;
  }),
  'protocols/http/raw-payload.yaml': web((request) => {
    const { username, password = '' } = formOf(request);
    const known = username === 'test' && ['nuclei', 'guest'].includes(password);
    return known && request.headers.another_header === base64(password)
      ? 'Test is raw-payload matcher text'
      : unauthorised;
  }),
  'protocols/http/request-condition.yaml': web(at({ '/200': 'yes', '/400': { status: 400 } })),
  'protocols/http/request-condition-new.yaml': web(at({ '/200': 'yes', '/400': { status: 400 } })),
  'protocols/http/get-case-insensitive.yaml': web(() => 'THIS IS TEST MATCHER TEXT'),
  'protocols/http/dsl-matcher-variable.yaml': web(() => 'This is test matcher text'),
  'protocols/http/stop-at-first-match.yaml': async (tools, expect) => {
    const server = tools.own(await startWeb(() => 'This is test'));
    const outcome = judgeCount(await tools.run({ port: server.port }), expect);
    return also(outcome, server.seen.length === 1 ? '' : `${server.seen.length} requests went out`);
  },
  'protocols/http/multi-request.yaml': web(at({ '/ping': 'ping', '/pong': 'pong' })),
  'protocols/http/http-preprocessor.yaml': web(({ target }) =>
    /[A-Za-z0-9]{25,}/.test(target) ? 'ok' : { status: 400, body: 'bad' },
  ),
  'protocols/http/http-matcher-extractor-dy-extractor.yaml': web(
    at({
      '/': '<html><body><a href="/domains">Domains</a></body></html>',
      '/domains': '<html><head><title>Dynamic Extractor Test</title></head><body></body></html>',
    }),
  ),
  'protocols/http/response-data-literal-reuse.yaml': web(({ target }) => {
    const literal = '{{md5("Hello")}}';
    if (target === '/') return literal;
    const given = new URL(target, 'http://x').searchParams.get('x');
    return given === literal ? 'ok' : { status: 400, body: 'it was evaluated' };
  }),
  'protocols/http/variables.yaml': async (tools, expect) => {
    const echo: WebAnswer = ({ headers }) => `${headers.test}\n${headers.another}\n${headers.email}\n`;
    const server = tools.own(await startWeb(echo));
    const outcome = judgeCount(await tools.run({ port: server.port }), expect);
    const settings = { variables: new Map([['a1', 'failed']]) };
    const given = judgeCount(await tools.run({ port: server.port, settings }), 0);
    return also(outcome, given.ok ? '' : `with a1 given from outside: ${given.detail}`);
  },
  'protocols/http/variables-threads-previous.yaml': web(({ target, headers }) =>
    target === '/login' ? 'token=secret123' : (headers.authorization ?? ''),
  ),
  'protocols/http/dsl-functions.yaml': async (tools, expect) => {
    // Some values are bytes that a web server of this platform refuses in a field.
    const server = tools.own(await startSocketServer(echoRequest));
    const tls = tools.own(await startTlsServer({}));
    // Objects that run a command where they are read are not made here: templates that want them are not run.
    const edit = (source: string) =>
      source.replace('scanme.sh:443', `127.0.0.1:${tls.port}`).replace(/^ *16: .*generate_java_gadget.*\n/m, '');
    const got = await tools.run({ port: server.port, edit });
    const outcome = judgeCount(got, expect);
    const extracted = got.matches.flatMap((match) => match.extracted);
    const numbers = new Set(
      extracted.map((text) => Number.parseInt(text, 10)).filter((number) => number >= 1 && number <= 88),
    );
    return also(outcome, numbers.size === 87 ? '' : `${numbers.size} of 87 values came back`);
  },
};

/** Answers a request with itself. */
function echoRequest(socket: Socket): void {
  let heard = '';
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    if (!heard.includes('\r\n\r\n')) return;
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${heard.length}\r\nConnection: close\r\n\r\n${heard}`, 'latin1');
  });
}

/** Field password=nuclei, and one file named "username" in the field of that name. */
function rightParts({ headers, body }: SeenRequest): boolean {
  const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const parts = body.split(`--${boundary}`).slice(1, -1);
  const part = (name: string) => parts.find((text) => text.includes(`name="${name}"`)) ?? '';
  return /filename="username"/.test(part('username')) && /\r?\n\r?\nnuclei\r?\n$/.test(part('password'));
}
