import type { Duplex } from 'node:stream';
import type { Result } from '@picket/base/result';
import type { OutboundFailure } from './failure.ts';

/** Where a stream should lead. */
export interface Destination {
  /** DNS name or IP literal without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Opens the plain stream that TLS then runs over: directly, or through a proxy. There is one connector per program and
 * no second way: when the configured one fails, the request fails (fail closed).
 */
export interface Connector {
  open(destination: Destination, signal: AbortSignal): Promise<Result<Duplex, OutboundFailure>>;
}
