import type { Result } from './result.ts';

/**
 * The only way to the network that the engine's stages and checks ever get. An implementation is bound to a scope
 * (allowed targets, exclusions), a rate budget and a deadline before it is handed out; see `engine/scope-gate`.
 */
export interface Dialer {
  /** Opens a TCP connection. Refused by the scope gate before any packet leaves when the address is out of scope. */
  connectTcp(request: DialRequest): Promise<Result<Connection, DialFailure>>;
  /** Sends one datagram and collects the answers to it from the same address and port. */
  exchangeUdp(request: UdpRequest): Promise<Result<readonly Uint8Array[], DialFailure>>;
}

export interface DialRequest {
  /** Canonical IP literal (`formatIp`). Names are resolved, once and pinned, by the planner. */
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface UdpRequest extends DialRequest {
  readonly payload: Uint8Array;
  /** Stop after so many answers (default 1). */
  readonly maxAnswers?: number;
}

/**
 * Why there is no connection: `refused` (RST or ICMP port unreachable), `timeout` (nothing came back), `unreachable`
 * (ICMP or no route; `detail` has the errno), `reset` (accepted, then RST: the port is open), `scope` (the gate said
 * no; nothing was sent), `cancelled`, `local` (our own limits: descriptors, ephemeral ports).
 */
export type DialFailureKind = 'refused' | 'timeout' | 'unreachable' | 'reset' | 'scope' | 'cancelled' | 'local';

export interface DialFailure {
  readonly kind: DialFailureKind;
  readonly detail: string;
}

export interface ReadOptions {
  /** Give up after so many milliseconds without the condition met; what came so far is returned. */
  readonly timeoutMs: number;
  /** Never hold more than this many bytes. */
  readonly maxBytes: number;
  /** Stop as soon as this says the message is whole. Default: stop at the first data. */
  readonly until?: (received: Uint8Array) => boolean;
}

export interface ReadOutcome {
  readonly bytes: Uint8Array;
  /** Why reading stopped: `complete` (`until` held), `closed` (FIN), `reset`, `timeout`, `limit` (maxBytes), `cancelled`. */
  readonly end: 'complete' | 'closed' | 'reset' | 'timeout' | 'limit' | 'cancelled';
}

export interface TlsOptions {
  /** Server name to send (RFC 6066 section 3); never an IP literal. */
  readonly serverName?: string;
  readonly alpn?: readonly string[];
  readonly timeoutMs: number;
  /** Looks at the session beyond the handshake; the findings are in `TlsSession.inspection`. */
  readonly inspect?: TlsInspection;
}

/** What to try with a session. Nothing is sent inside it. */
export interface TlsInspection {
  /** A session of this server that is offered again. */
  readonly resume: Uint8Array | null;
  /** Ask for a new handshake inside the session (TLS 1.2 and older only). */
  readonly renegotiate: boolean;
  /** Offer TLS 1.2 and older only. */
  readonly classic: boolean;
}

/** What came of it. */
export interface TlsInspectionResult {
  /** The session as it can be offered again; null when the server gave none. */
  readonly session: Uint8Array | null;
  /** The session that was offered is the one in use. */
  readonly resumed: boolean;
  /** The server went along with a new handshake; null when it was not asked. */
  readonly renegotiated: boolean | null;
}

/** Facts of a completed TLS handshake. Scanning accepts every certificate: it is there to look, not to trust. */
export interface TlsSession {
  /** As OpenSSL names it: `TLSv1.3`. */
  readonly protocol: string;
  /** IANA name of the cipher suite. */
  readonly cipher: string;
  readonly alpn: string | null;
  /** DER of each certificate that the peer sent, leaf first. */
  readonly certificates: readonly Uint8Array[];
  /** Reason why a browser would refuse the chain, as OpenSSL's error code, or null. */
  readonly authorizationError: string | null;
  readonly inspection?: TlsInspectionResult;
}

export interface Connection {
  readonly address: string;
  readonly port: number;
  write(bytes: Uint8Array): Promise<Result<void, DialFailure>>;
  read(options: ReadOptions): Promise<ReadOutcome>;
  /** Upgrades the open connection; from then on read and write are inside TLS. */
  startTls(options: TlsOptions): Promise<Result<TlsSession, DialFailure>>;
  /**
   * The connection is kept for later only: `onWanted` is called once, and has to close it, when somebody waits for its place. Null: it is
   * in use again. Absent where connections are not counted.
   */
  rest?(onWanted: (() => void) | null): void;
  /** Closes at once. Safe to call twice. */
  close(): void;
}
