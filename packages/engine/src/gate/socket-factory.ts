import type { Connection, DialFailure, DialRequest, UdpRequest } from '@picket/base/dialer';
import type { Result } from '@picket/base/result';

/**
 * Sockets without any bounds: what `adapters/node-sockets` implements and only the scope gate may hold. The shape is
 * that of a `Dialer`, the meaning is not: nothing here looks at scope, rate, window or deadline. Connections offer the
 * TLS upgrade themselves. `timeoutMs` counts from the call.
 */
export interface SocketFactory {
  connectTcp(request: DialRequest): Promise<Result<Connection, DialFailure>>;
  /** A connect whose connection is closed with RST at once, where that is cheaper than `connectTcp`. */
  probeTcp?(request: DialRequest): Promise<Result<null, DialFailure>>;
  exchangeUdp(request: UdpRequest): Promise<Result<readonly Uint8Array[], DialFailure>>;
}

/** Names of an address from the configured resolver (DNS PTR). Optional: scans work without names. */
export interface NameResolver {
  /** Never rejects but for an aborted signal; an address without names gives an empty list. */
  reverse(address: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Canonical addresses of a name, both families. Never rejects but for an aborted signal. */
  addresses?(name: string, signal: AbortSignal): Promise<readonly string[]>;
}
