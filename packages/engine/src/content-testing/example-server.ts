import { createSocket } from 'node:dgram';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { fromHex, fromText } from '@picket/checks/byte-string';
import type { ExampleReply, ExampleRoute, ExampleServer } from '@picket/checks/check-example';
import { compilePattern } from '@picket/checks/regex';
import { type OldTls, oldTlsServer } from '../testing/old-tls-server.ts';
import { exampleCertificate } from './example-certificate.ts';

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Turns the description of an example into a server on a free port of 127.0.0.1. */
export async function startExampleServer(description: ExampleServer): Promise<RunningServer> {
  if (description.protocol === 'udp') return startUdp(description);
  const old = description['tls-old'];
  if (old !== undefined) return oldTlsServer(oldTls(old));
  const sockets = new Set<Socket>();
  const server = tcpServer(description);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server.address()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the example server has no port');
  return address.port;
}

function tcpServer(description: ExampleServer): Server {
  switch (description.protocol) {
    case 'http':
      return createHttpServer(httpListener(description.routes ?? []));
    case 'https':
      return createHttpsServer(tlsOptions(description), httpListener(description.routes ?? []));
    case 'tls':
      return createTlsServer(tlsOptions(description), (socket) => script(socket, description));
    default:
      return createServer((socket) => script(socket, description));
  }
}

/** Old versions and suites on purpose: the examples plant what the checks look for. */
function tlsOptions(description: ExampleServer): TlsOptions {
  return {
    ...exampleCertificate(description.certificate),
    minVersion: description['tls-min'] ?? 'TLSv1.2',
    maxVersion: description['tls-max'] ?? 'TLSv1.3',
    ciphers: description['tls-ciphers'] ?? 'DEFAULT:@SECLEVEL=0',
  };
}

/** TLS_DHE_RSA_WITH_AES_128_CBC_SHA where it has a prime, else TLS_RSA_WITH_AES_128_CBC_SHA. */
function oldTls(old: NonNullable<ExampleServer['tls-old']>): OldTls {
  const prime = old['prime-bytes'];
  return {
    suites: { 0x0303: [prime === undefined ? 0x002f : 0x0033] },
    compression: old.compression ?? false,
    insecureRenegotiation: old['insecure-renegotiation'] ?? false,
    ...(prime === undefined ? {} : { primeBytes: prime }),
  };
}

/** Bytes of an answer, as a byte string. */
function bytesOf(plain: string | undefined, hex: string | undefined): string {
  return hex === undefined ? fromText(plain ?? '') : (fromHex(hex) ?? '');
}

function script(socket: Socket, description: ExampleServer): void {
  socket.on('error', () => {});
  const greeting = bytesOf(description.greeting, description['greeting-hex']);
  if (greeting !== '') socket.write(greeting, 'latin1');
  let pending = '';
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    let reply = description.answers?.find((answer) => holds(answer, pending));
    if (!reply) return;
    // Commands that came in one piece are answered one after the other.
    while (reply) {
      const bytes = replyBytes(reply, pending);
      if (reply.close) socket.end(bytes, 'latin1');
      else socket.write(bytes, 'latin1');
      const word = bytesOf(reply.when, reply['when-hex']);
      const rest: string = word === '' || reply.close ? '' : pending.slice(pending.indexOf(word) + word.length);
      pending = rest;
      reply = rest === '' ? undefined : description.answers?.find((answer) => namesWord(answer) && holds(answer, rest));
    }
    pending = '';
  });
}

const namesWord = (reply: ExampleReply) => bytesOf(reply.when, reply['when-hex']) !== '';

/** `{{echo}}` in a text stands for what came. */
function replyBytes(reply: ExampleReply, input: string): string {
  return bytesOf(reply.send, reply['send-hex']).replaceAll('{{echo}}', () => input);
}

function holds(reply: ExampleReply, input: string): boolean {
  if (reply['when-regex'] !== undefined) {
    const pattern = compilePattern(fromText(reply['when-regex']));
    return typeof pattern !== 'string' && pattern.test(input);
  }
  return input.includes(bytesOf(reply.when, reply['when-hex']));
}

async function startUdp(description: ExampleServer): Promise<RunningServer> {
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  socket.on('message', (message, peer) => {
    const input = message.toString('latin1');
    const reply = description.answers?.find((answer) => holds(answer, input));
    if (reply) socket.send(Buffer.from(replyBytes(reply, input), 'latin1'), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => new Promise((resolve) => socket.close(() => resolve())) };
}

function httpListener(routes: readonly ExampleRoute[]): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void answer(request, Buffer.concat(chunks).toString('latin1'), response, routes));
  };
}

async function answer(
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
  routes: readonly ExampleRoute[],
): Promise<void> {
  const found = routes.find((route) => fits(route, request, body));
  if (found?.['delay-ms'] !== undefined) await sleep(found['delay-ms']);
  response.statusCode = found?.status ?? (found ? 200 : 404);
  for (const [name, value] of Object.entries(found?.headers ?? {})) {
    const filled = value
      .replaceAll('{{origin}}', request.headers.origin ?? '')
      .replaceAll('{{host}}', request.headers.host ?? '');
    response.setHeader(name, filled);
  }
  const text = found?.body ?? (found ? '' : 'Not found');
  response.end(
    Buffer.from(
      text.replaceAll('{{path}}', () => request.url ?? ''),
      'utf8',
    ),
  );
}

function fits(route: ExampleRoute, request: IncomingMessage, body: string): boolean {
  if (route.path !== undefined && route.path !== request.url) return false;
  if (route.method !== undefined && route.method !== request.method) return false;
  if (route['when-body'] !== undefined && !body.includes(route['when-body'])) return false;
  return Object.entries(route['when-header'] ?? {}).every(([name, value]) =>
    String(request.headers[name.toLowerCase()] ?? '').includes(value),
  );
}
