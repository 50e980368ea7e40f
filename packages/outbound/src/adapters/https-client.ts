import { type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { err, ok, type Result } from '@picket/base/result';
import type { Connector } from '../connector.ts';
import { classifyError, type OutboundFailure, plainFailure } from '../failure.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../http-client.ts';
import { originOf } from '../origin.ts';
import { openTls, type Trust } from './tls-stream.ts';

export interface HttpsClientOptions {
  /** `https://host:port`. */
  readonly origin: string;
  readonly connector: Connector;
  readonly trust: Trust;
  readonly handshakeTimeoutMs?: number;
}

/** Carries an OutboundFailure through Node's error channel. */
class ConnectError extends Error {
  readonly failure: OutboundFailure;
  constructor(failure: OutboundFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Keep-alive connections whose streams come from our connector and are always verified. */
class VerifiedAgent extends Agent {
  readonly #options: HttpsClientOptions;
  readonly #closing = new AbortController();

  constructor(options: HttpsClientOptions) {
    super({ keepAlive: true, maxSockets: 4, maxFreeSockets: 2, timeout: 120_000 });
    this.#options = options;
  }

  override createConnection(_: unknown, done?: (error: Error | null, stream: Duplex) => void): undefined {
    const request = {
      destination: originOf(this.#options.origin),
      connector: this.#options.connector,
      trust: this.#options.trust,
      signal: this.#closing.signal,
      handshakeTimeoutMs: this.#options.handshakeTimeoutMs ?? 10_000,
    };
    void deliver(openTls(request), done);
    return undefined;
  }

  override destroy(): void {
    this.#closing.abort();
    super.destroy();
  }
}

async function deliver(
  opening: Promise<Result<Duplex, OutboundFailure>>,
  callback: ((error: Error | null, stream: Duplex) => void) | undefined,
): Promise<void> {
  const result = await opening;
  if (result.ok) callback?.(null, result.value);
  // Node's type asks for a stream beside the error, its code does not.
  else (callback as ((error: Error) => void) | undefined)?.(new ConnectError(result.error));
}

/**
 * HTTPS over `node:https`: undici costs an idle appliance 18 MB more (docs/decisions). There is no switch that turns
 * verification off.
 */
export function httpsClient(options: HttpsClientOptions): HttpClient {
  const agent = new VerifiedAgent(options);
  return {
    origin: options.origin,
    request: (request) => exchange(options.origin, agent, request),
    close: () => agent.destroy(),
  };
}

function exchange(origin: string, agent: Agent, request: HttpRequest): Promise<Result<HttpAnswer, OutboundFailure>> {
  const { host, port } = originOf(origin);
  return new Promise((resolve) => {
    if (request.signal?.aborted) return resolve(err(plainFailure(host, 'cancelled', 'aborted')));
    let settled = false;
    const outgoing: ClientRequest = httpsRequest({
      agent,
      host,
      port,
      method: request.method,
      path: request.target,
      headers: { ...request.headers, 'content-length': String(request.body.byteLength) },
      maxHeaderSize: 16_384,
    });
    const settle = (result: Result<HttpAnswer, OutboundFailure>) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
      if (!result.ok) outgoing.destroy();
      resolve(result);
    };
    const sent = () => outgoing.socket instanceof TLSSocket;
    const onAbort = () => settle(err(plainFailure(host, 'cancelled', 'aborted', sent())));
    const timer = setTimeout(
      () => settle(err(plainFailure(host, 'deadline', `${request.deadlineMs} ms`, sent()))),
      request.deadlineMs,
    );
    request.signal?.addEventListener('abort', onAbort, { once: true });
    outgoing.on('error', (error) => {
      settle(err(error instanceof ConnectError ? error.failure : classifyError(host, 'exchange', error)));
    });
    outgoing.on('response', (incoming) => collect(host, incoming, request.maxAnswerBytes, settle));
    outgoing.end(request.body);
  });
}

function collect(
  host: string,
  incoming: IncomingMessage,
  maxBytes: number,
  settle: (result: Result<HttpAnswer, OutboundFailure>) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const localAddress = incoming.socket.localAddress ?? null;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.byteLength;
    if (size > maxBytes) settle(err(plainFailure(host, 'answer', `more than ${maxBytes} bytes`, true)));
    else chunks.push(chunk);
  });
  incoming.on('error', (error) => settle(err(classifyError(host, 'exchange', error))));
  incoming.on('close', () => settle(err(plainFailure(host, 'closed', 'cut', true))));
  incoming.on('end', () => {
    if (!incoming.complete) return;
    const status = incoming.statusCode ?? 0;
    const header = (name: string) => {
      const value = incoming.headers[name];
      return typeof value === 'string' ? value : undefined;
    };
    settle(ok({ status, header, body: new Uint8Array(Buffer.concat(chunks)), localAddress }));
  });
}
