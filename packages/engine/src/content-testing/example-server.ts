import { createSocket } from 'node:dgram';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { fromHex, fromText } from '@picket/checks/byte-string';
import type { ExampleCall, ExampleReply, ExampleRoute, ExampleServer } from '@picket/checks/check-example';
import { compilePattern } from '@picket/checks/regex';
import { type OldTls, oldTlsServer } from '../testing/old-tls-server.ts';
import { encodeQuery } from '../dns/message.ts';
import { callWords } from './call-back.ts';
import { exampleCertificate } from './example-certificate.ts';

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Where calls back are listened for: the port of 127.0.0.1; null while nobody does. */
export type CallBackPort = () => number | null;

/** Turns the description of an example into a server on a free port of 127.0.0.1. It calls nobody back but at `listener`. */
export async function startExampleServer(
  description: ExampleServer,
  listener: CallBackPort = () => null,
): Promise<RunningServer> {
  if (description.protocol === 'udp') return startUdp(description, listener);
  const old = description['tls-old'];
  if (old !== undefined) return oldTlsServer(oldTls(old));
  const sockets = new Set<Socket>();
  const server = tcpServer(description, listener);
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

function tcpServer(description: ExampleServer, listener: CallBackPort): Server {
  switch (description.protocol) {
    case 'http':
      return createHttpServer(httpListener(description.routes ?? [], listener));
    case 'https':
      return createHttpsServer(tlsOptions(description), httpListener(description.routes ?? [], listener));
    case 'tls':
      return createTlsServer(tlsOptions(description), (socket) => script(socket, description, listener));
    default:
      return createServer((socket) => script(socket, description, listener));
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

function script(socket: Socket, description: ExampleServer, listener: CallBackPort): void {
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
      if (reply.call) void callBack(reply.call, pending, listener());
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

async function startUdp(description: ExampleServer, listener: CallBackPort): Promise<RunningServer> {
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  socket.on('message', (message, peer) => {
    const input = message.toString('latin1');
    const reply = description.answers?.find((answer) => holds(answer, input));
    if (reply?.call) void callBack(reply.call, input, listener());
    const bytes = reply ? replyBytes(reply, input) : '';
    if (bytes !== '') socket.send(Buffer.from(bytes, 'latin1'), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => new Promise((resolve) => socket.close(() => resolve())) };
}

function httpListener(routes: readonly ExampleRoute[], listener: CallBackPort): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString('latin1');
      const found = routes.find((route) => fits(route, request, body));
      if (found?.call) await callBack(found.call, saidIn(request, body), listener());
      await answer(request, response, found);
    });
  };
}

/** Everything of a request that may name a place, the server name of TLS included. */
function saidIn(request: IncomingMessage, body: string): string {
  const name = 'servername' in request.socket ? String(request.socket.servername) : '';
  return [name, request.url ?? '', ...request.rawHeaders, body].join('\n');
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  found: ExampleRoute | undefined,
): Promise<void> {
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

/** How long a call back may take, milliseconds. */
const callMs = 1000;

/** Calls the place that the text names, on a port of 127.0.0.1; resolves when the call is over, whatever came of it. */
async function callBack(call: ExampleCall, text: string, port: number | null): Promise<void> {
  const words = callWords(call, text);
  if (words === null || port === null) return;
  await (call.protocol === 'dns' ? askName(words, port) : sayTo(words, port));
}

function askName(name: string, port: number): Promise<void> {
  const query = encodeQuery({ name, type: 1, class: 1 }, 1, true);
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = () => {
      clearTimeout(timer);
      socket.close(() => resolve());
    };
    const timer = setTimeout(end, callMs);
    socket.once('message', end).on('error', () => {});
    if (query !== null) socket.send(query, port, '127.0.0.1');
  });
}

function sayTo(words: string, port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(words, 'latin1'));
    socket.setTimeout(callMs, () => socket.destroy());
    socket
      .on('error', () => {})
      .on('data', () => {})
      .once('close', () => resolve());
  });
}
