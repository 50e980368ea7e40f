import { request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { err, ok, type Result } from '@picket/base/result';
import { httpsClient } from '@picket/outbound/adapters/https-client';
import type { Connector } from '@picket/outbound/connector';
import { classifyError, type OutboundFailure, plainFailure } from '@picket/outbound/failure';

/** One request, whole. */
export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

/** An answer, read whole; a redirect is an answer like any other. */
export interface OutboundAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

/** From the name to the last byte of the answer, milliseconds. */
const deadlineMs = 10_000;
/** Metadata and keys of a large provider are well below. */
const maxAnswerBytes = 1_000_000;

/** Asks an HTTPS address, or one in clear text on this machine, through the platform's own connections. */
export async function outboundFetch(
  connector: Connector,
  url: string,
  request: OutboundRequest,
  caPem: string | null,
): Promise<Result<OutboundAnswer, OutboundFailure>> {
  const { protocol, hostname, host, port, pathname, search } = new URL(url);
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  const headers = { host, 'user-agent': 'picket', ...request.headers };
  const target = pathname + search;
  if (protocol === 'http:' && isLoopback(bare)) {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(deadlineMs)]);
    const opened = await connector.open({ host: bare, port: port === '' ? 80 : Number(port) }, signal);
    if (!opened.ok) return opened;
    return exchange(opened.value.stream, bare, { ...request, headers, signal }, target);
  }
  if (protocol !== 'https:') return err(plainFailure(bare, 'answer', 'no HTTPS address'));
  const client = httpsClient({
    origin: `https://${hostname}:${port === '' ? 443 : port}`,
    connector,
    trust: { ca: caPem },
  });
  try {
    return await client.request({ ...request, headers, target, deadlineMs, maxAnswerBytes });
  } finally {
    client.close();
  }
}

/** Names and addresses that only this machine itself can mean: there alone clear text crosses no network. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

function exchange(
  stream: Duplex,
  host: string,
  { method, headers, body, signal }: OutboundRequest,
  path: string,
): Promise<Result<OutboundAnswer, OutboundFailure>> {
  return new Promise((resolve) => {
    const settle = (result: Result<OutboundAnswer, OutboundFailure>) => {
      stream.destroy();
      resolve(result);
    };
    const sent = httpRequest({
      createConnection: () => stream,
      method,
      path,
      headers: { ...headers, connection: 'close', 'content-length': String(body.byteLength) },
      signal,
    });
    sent.on('error', (error) =>
      settle(
        err(
          signal.aborted ? plainFailure(host, 'deadline', `${deadlineMs} ms`) : classifyError(host, 'exchange', error),
        ),
      ),
    );
    sent.on('response', (incoming) => {
      const parts: Buffer[] = [];
      let size = 0;
      incoming.on('data', (part: Buffer) => {
        size += part.byteLength;
        if (size > maxAnswerBytes) settle(err(plainFailure(host, 'answer', `more than ${maxAnswerBytes} bytes`, true)));
        else parts.push(part);
      });
      incoming.on('error', (error) => settle(err(classifyError(host, 'exchange', error))));
      incoming.on('end', () => {
        const header = (name: string) => {
          const value = incoming.headers[name];
          return typeof value === 'string' ? value : undefined;
        };
        settle(ok({ status: incoming.statusCode ?? 0, header, body: new Uint8Array(Buffer.concat(parts)) }));
      });
    });
    sent.end(body);
  });
}
