import type { Connection, DialFailure, ReadOptions, ReadOutcome, TlsOptions, TlsSession } from '@picket/base/dialer';
import { err, type Result } from '@picket/base/result';
import { onAbort } from './abort-hub.ts';
import type { Permit } from './governor.ts';
import type { JobLimits } from './limits.ts';
import type { PauseGate } from './pause-gate.ts';

/** Payload of one TCP segment on Ethernet: what a write costs in packets. */
const segmentBytes = 1460;
/** Own packets of a TLS 1.2 or 1.3 handshake: hello, key exchange or finished, acknowledgements. */
const handshakePackets = 3;

/** A connection that counts what it sends, holds still while the job is paused, and gives its place back when closed. */
export class GatedConnection implements Connection {
  readonly address: string;
  readonly port: number;
  readonly #inner: Connection;
  readonly #permit: Permit;
  readonly #bounds: { readonly limits: JobLimits; readonly pause: PauseGate };
  readonly #signal: AbortSignal | undefined;
  readonly #stopWatching: () => void;

  constructor(
    inner: Connection,
    permit: Permit,
    bounds: { limits: JobLimits; pause: PauseGate },
    signal: AbortSignal | undefined,
  ) {
    this.address = inner.address;
    this.port = inner.port;
    this.#inner = inner;
    this.#permit = permit;
    this.#bounds = bounds;
    this.#signal = signal;
    permit.charge(1);
    this.#stopWatching = onAbort(signal, () => this.close());
  }

  async write(bytes: Uint8Array): Promise<Result<void, DialFailure>> {
    const stopped = this.#bounds.pause.paused ? await this.#mayNotSend() : this.#stopped();
    if (stopped) return err(stopped);
    this.#permit.charge(Math.max(1, Math.ceil(bytes.length / segmentBytes)));
    return this.#inner.write(bytes);
  }

  read(options: ReadOptions): Promise<ReadOutcome> {
    return this.#inner.read(options);
  }

  async startTls(options: TlsOptions): Promise<Result<TlsSession, DialFailure>> {
    const stopped = await this.#mayNotSend();
    if (stopped) return err(stopped);
    this.#permit.charge(handshakePackets);
    return this.#inner.startTls(options);
  }

  rest(onWanted: (() => void) | null): void {
    this.#permit.rest(onWanted);
  }

  close(): void {
    this.#stopWatching();
    this.#inner.close();
    this.#permit.end();
  }

  async #mayNotSend(): Promise<DialFailure | null> {
    try {
      await this.#bounds.pause.whenOpen(this.#signal);
    } catch {
      return { kind: 'cancelled', detail: '' };
    }
    return this.#stopped();
  }

  #stopped(): DialFailure | null {
    if (this.#signal?.aborted) return { kind: 'cancelled', detail: '' };
    const reached = this.#bounds.limits.reached();
    return reached === null ? null : { kind: 'scope', detail: reached };
  }
}
