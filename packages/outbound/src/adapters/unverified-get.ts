import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { err, ok, type Result } from '@picket/base/result';
import type { Connector, OpenedStream } from '../connector.ts';
import { classifyError, interceptedFailure, type OutboundFailure, plainFailure } from '../failure.ts';
import { originOf } from '../origin.ts';
import { issuerOf } from './issuer.ts';

const mostBytes = 65_536;

/** One question before anything is trusted. */
export interface UnverifiedGet {
  /** `https://host:port`. */
  readonly origin: string;
  /** Path and query. */
  readonly target: string;
  readonly connector: Connector;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** A platform always has this: when another answer than it comes through a proxy, the proxy opens the session and can't verify the platform. */
  readonly alwaysThere?: boolean;
}

/**
 * Asks over a TLS session that nothing vouches for: for what is believed only because of a fingerprint or a signature of its own. Nothing secret is
 * sent in it. At most 64 KiB, as text in Latin-1.
 */
export async function unverifiedGet(request: UnverifiedGet): Promise<Result<string, OutboundFailure>> {
  const destination = originOf(request.origin);
  const limit = AbortSignal.timeout(request.deadlineMs);
  const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit;
  const plain = await request.connector.open(destination, signal);
  if (!plain.ok) {
    const late = plain.error.kind === 'cancelled' && limit.aborted;
    return late ? err(plainFailure(destination.host, 'deadline', 'no connection')) : plain;
  }
  const fetched = await get(destination.host, request, plain.value, signal);
  plain.value.stream.destroy();
  return fetched;
}

function get(
  host: string,
  { target, alwaysThere = false }: UnverifiedGet,
  { stream, via }: OpenedStream,
  signal: AbortSignal,
): Promise<Result<string, OutboundFailure>> {
  return new Promise((resolve) => {
    let stage: 'tls' | 'exchange' = 'tls';
    let session: TLSSocket | null = null;
    const fail = (error: unknown) =>
      resolve(err(signal.aborted ? plainFailure(host, 'deadline', target) : classifyError(host, stage, error)));
    const request = httpsRequest({
      host,
      path: target,
      signal,
      maxHeaderSize: 16_384,
      createConnection: () => {
        // Only looked at, see above: the one place besides the scan engine that opens an unverified TLS session.
        const socket = connect({
          socket: stream,
          rejectUnauthorized: false,
          ...(isIP(host) === 0 ? { servername: host } : {}),
        });
        socket.once('secureConnect', () => {
          stage = 'exchange';
          session = socket;
        });
        return socket;
      },
    });
    request.on('error', fail);
    request.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.byteLength;
        if (size > mostBytes) request.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      incoming.on('error', fail);
      incoming.on('end', () => {
        if (incoming.statusCode === 200) resolve(ok(Buffer.concat(chunks).toString('latin1')));
        else if (alwaysThere && via !== null && session !== null)
          resolve(err(interceptedFailure(host, via, issuerOf(session))));
        else resolve(err(plainFailure(host, 'answer', `HTTP ${incoming.statusCode} for ${target.split('?')[0]}`)));
      });
    });
    request.end();
  });
}
