import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import { exampleCertificate } from '@picket/engine/content-testing/example-certificate';

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  /** The request target, untouched. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Latin-1 text. */
  readonly body: string;
  /** TLS server name; empty without. */
  readonly serverName: string;
}

export interface WebReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WebServer {
  readonly port: number;
  /** In the order they came. */
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

export type WebAnswer = (request: SeenRequest) => WebReply | string | Promise<WebReply | string>;

/** A web server on a free port of 127.0.0.1 that answers as `answer` says; with `tls` over TLS, under a certificate of that name. */
export async function startWeb(answer: WebAnswer, options: { readonly tls?: string } = {}): Promise<WebServer> {
  const seen: SeenRequest[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => void serve(request, response, answer, seen);
  const server =
    options.tls === undefined ? createHttpServer(listener) : createHttpsServer(tlsOf(options.tls), listener);
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port, seen, close };
}

function tlsOf(name: string) {
  const certificate = exampleCertificate({ name });
  return {
    ...certificate,
    SNICallback: (_name: string, done: (error: null, context: ReturnType<typeof createSecureContext>) => void) =>
      done(null, createSecureContext(certificate)),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: WebAnswer,
  seen: SeenRequest[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const servername: unknown = Reflect.get(request.socket, 'servername');
  const one: SeenRequest = {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString('latin1'),
    serverName: typeof servername === 'string' ? servername : '',
  };
  seen.push(one);
  const reply = await answer(one);
  const { status = 200, headers = {}, body = '' } = typeof reply === 'string' ? { body: reply } : reply;
  response.writeHead(status, { 'content-type': 'text/html', ...headers });
  response.end(body);
}

/** The fields of a form in a body. */
export function formOf(request: SeenRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(request.body));
}

export const notFound: WebReply = { status: 404, body: 'not here' };
export const unauthorised: WebReply = { status: 401, body: 'no' };
