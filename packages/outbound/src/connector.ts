import type { Duplex } from 'node:stream';
import type { Result } from '@picket/base/result';
import type { OutboundFailure } from './failure.ts';

/** Where a stream should lead. */
export interface Destination {
  /** DNS name or IP literal without brackets. */
  readonly host: string;
  readonly port: number;
}

/** A stream to the destination. */
export interface OpenedStream {
  readonly stream: Duplex;
  /** The proxy that it leads through, `host:port`; null: none. */
  readonly via: string | null;
}

/**
 * Opens the plain stream that TLS then runs over: directly, or through a proxy. There is one connector per program and
 * no second way: when the configured one fails, the request fails (fail closed).
 */
export interface Connector {
  open(destination: Destination, signal: AbortSignal): Promise<Result<OpenedStream, OutboundFailure>>;
}

/** `host:port` as it stands in a request or a message, IPv6 in brackets. */
export function authorityOf({ host, port }: Destination): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
