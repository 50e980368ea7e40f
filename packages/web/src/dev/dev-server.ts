import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { answer } from './fixture-api.ts';
import { type FixtureState, type Mode, newState } from './fixture-state.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The policy under which the interface has to work: no inline script, nothing from elsewhere. */
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** A running fixture server. */
export interface DevServer {
  readonly url: string;
  readonly state: FixtureState;
  close(): Promise<void>;
}

/** Serves the build in `root` with the fixture API on a free port of the loopback interface. */
export async function startDevServer(root: string, mode: Mode, port = 0): Promise<DevServer> {
  const state = newState(mode);
  const server = createServer((request, response) => {
    handle(root, state, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    state,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  root: string,
  state: FixtureState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (!url.pathname.startsWith('/api/v1')) return sendFile(root, url.pathname, response);
  const path = url.pathname.slice('/api/v1'.length);
  if (path.endsWith('/stream')) return stream(path, response);
  const text = await readText(request);
  // A file is sent as it is.
  const isJson = request.headers['content-type'] === 'application/json';
  const body: unknown = text === '' ? null : isJson ? JSON.parse(text) : text;
  const given = answer({ state, method: request.method ?? 'GET', path, query: url.searchParams, body });
  response.writeHead(given.status, {
    'content-type': given.status < 400 ? 'application/json' : 'application/problem+json',
  });
  response.end(JSON.stringify(given.body));
}

/** Opens the stream and tells three findings at once; then stays silent. */
function stream(path: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  if (!path.startsWith('/scans/')) return;
  for (const [index, severity] of ['critical', 'medium', 'low'].entries()) {
    const event = {
      type: 'finding',
      scanId: Number(path.split('/')[2]),
      detectionId: index + 1,
      assetId: 1,
      address: '10.20.0.2',
      severity,
      name: 'Redis answers without a password',
      port: 6379,
      protocol: 'tcp',
    };
    response.write(`event: finding\ndata: ${JSON.stringify(event)}\n\n`);
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

async function sendFile(root: string, path: string, response: ServerResponse): Promise<void> {
  const name = extname(path) === '' ? '/index.html' : normalize(path);
  const content = await readFile(join(root, name)).catch(() => null);
  if (!content) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': types[extname(name)] ?? 'application/octet-stream',
    'content-security-policy': policy,
  });
  response.end(content);
}
