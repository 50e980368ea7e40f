import type { Clock } from '@picket/base/clock';
import type {
  Connection,
  DialFailure,
  DialRequest,
  ReadOptions,
  ReadOutcome,
  TlsSession,
  UdpRequest,
} from '@picket/base/dialer';
import { err, ok, type Result } from '@picket/base/result';
import type { SocketFactory } from '../gate/socket-factory.ts';

/** How a fake port behaves. `drop`: never answers. With `lose`: so many attempts get lost, later ones meet `after`. */
export type FakePort =
  | 'open'
  | 'reset'
  | 'closed'
  | 'drop'
  | 'unreachable'
  | { readonly banner: string }
  | { readonly lose: number; readonly after: 'open' | 'closed' };

export interface FakeHost {
  readonly tcp?: Readonly<Record<number, FakePort>>;
  /** What other TCP ports do. Default: closed. */
  readonly otherTcp?: FakePort;
  /** Answers to a datagram; ports that are not here refuse (`null`: stay silent). */
  readonly udp?: Readonly<Record<number, string | null>>;
  /** Round trip, fake milliseconds. Default 1. */
  readonly rttMs?: number;
}

export interface FakeDial {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** Monotonic fake milliseconds. */
  readonly at: number;
}

/** A network in memory: hosts and ports from a table, latency on the injected clock. Records every dial. */
export class FakeNetwork implements SocketFactory {
  readonly dials: FakeDial[] = [];
  /** Sockets under way or open now, and the most at once. */
  open = 0;
  peakOpen = 0;
  /** Set to make every dial fail as if this machine were out of something; called with the number of the dial. */
  localFault: ((dial: number) => string | null) | null = null;
  readonly #clock: Clock;
  readonly #hosts: (address: string) => FakeHost | undefined;
  readonly #lost = new Map<string, number>();

  constructor(clock: Clock, hosts: Readonly<Record<string, FakeHost>> | ((address: string) => FakeHost | undefined)) {
    this.#clock = clock;
    this.#hosts = typeof hosts === 'function' ? hosts : (address) => hosts[address];
  }

  /** `tcp 10.0.0.1:80` for each dial, sorted. */
  get dialed(): readonly string[] {
    return this.dials.map(({ protocol, address, port }) => `${protocol} ${address}:${port}`).sort();
  }

  async connectTcp(request: DialRequest): Promise<Result<Connection, DialFailure>> {
    const fault = this.#record('tcp', request);
    if (fault) return err(fault);
    const host = this.#hosts(request.address);
    const port = host?.tcp?.[request.port] ?? host?.otherTcp ?? (host ? 'closed' : 'drop');
    const behaviour = this.#afterLosses(request, port);
    this.#opened();
    const rttMs = host?.rttMs ?? 1;
    const silent = behaviour === 'drop' || rttMs >= request.timeoutMs;
    const waited = await this.#wait(silent ? request.timeoutMs : rttMs, request.signal);
    if (waited !== null || silent) {
      this.open -= 1;
      return err(waited ?? { kind: 'timeout', detail: '' });
    }
    const failure = failureOf(behaviour);
    if (failure === null)
      return ok(
        this.#connection(request, typeof behaviour === 'object' && 'banner' in behaviour ? behaviour.banner : ''),
      );
    this.open -= 1;
    return err(failure);
  }

  async exchangeUdp(request: UdpRequest): Promise<Result<readonly Uint8Array[], DialFailure>> {
    const fault = this.#record('udp', request);
    if (fault) return err(fault);
    const host = this.#hosts(request.address);
    const answer = host?.udp?.[request.port];
    const silent = !host || answer === null;
    this.#opened();
    const waited = await this.#wait(silent ? request.timeoutMs : (host.rttMs ?? 1), request.signal);
    this.open -= 1;
    if (waited !== null) return err(waited);
    if (silent) return err({ kind: 'timeout', detail: '' });
    return answer === undefined
      ? err({ kind: 'refused', detail: 'ECONNREFUSED' })
      : ok([new TextEncoder().encode(answer)]);
  }

  #record(protocol: 'tcp' | 'udp', request: DialRequest): DialFailure | null {
    const fault = this.localFault?.(this.dials.length) ?? null;
    this.dials.push({ protocol, address: request.address, port: request.port, at: this.#clock.monotonic() });
    return fault === null ? null : { kind: 'local', detail: fault };
  }

  #afterLosses(request: DialRequest, port: FakePort): FakePort {
    if (typeof port !== 'object' || !('lose' in port)) return port;
    const key = `${request.address}:${request.port}`;
    const lost = this.#lost.get(key) ?? 0;
    this.#lost.set(key, lost + 1);
    return lost < port.lose ? 'drop' : port.after;
  }

  #opened(): void {
    this.open += 1;
    this.peakOpen = Math.max(this.peakOpen, this.open);
  }

  async #wait(milliseconds: number, signal: AbortSignal | undefined): Promise<DialFailure | null> {
    try {
      await this.#clock.sleep(milliseconds, signal);
      return null;
    } catch {
      return { kind: 'cancelled', detail: '' };
    }
  }

  #connection(request: DialRequest, banner: string): Connection {
    let closed = false;
    let unread = new TextEncoder().encode(banner);
    const close = () => {
      if (!closed) this.open -= 1;
      closed = true;
    };
    request.signal?.addEventListener('abort', close, { once: true });
    return {
      address: request.address,
      port: request.port,
      write: async () => (closed ? err({ kind: 'cancelled', detail: '' }) : ok(undefined)),
      read: async (options: ReadOptions): Promise<ReadOutcome> => {
        if (closed) return { bytes: new Uint8Array(0), end: 'cancelled' };
        const bytes = unread.subarray(0, options.maxBytes);
        unread = unread.subarray(bytes.length);
        if (bytes.length > 0) return { bytes, end: 'complete' };
        const waited = await this.#wait(options.timeoutMs, request.signal);
        return { bytes, end: waited ? 'cancelled' : 'timeout' };
      },
      startTls: async (): Promise<Result<TlsSession, DialFailure>> => err({ kind: 'reset', detail: 'no TLS here' }),
      close,
    };
  }
}

function failureOf(port: FakePort): DialFailure | null {
  switch (port) {
    case 'closed':
      return { kind: 'refused', detail: 'ECONNREFUSED' };
    case 'reset':
      return { kind: 'reset', detail: 'ECONNRESET' };
    case 'unreachable':
      return { kind: 'unreachable', detail: 'EHOSTUNREACH' };
    default:
      return null;
  }
}
