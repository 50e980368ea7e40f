import type { Socket } from 'node:net';
import type { Connection, DialFailure, ReadOptions, ReadOutcome, TlsOptions, TlsSession } from '@picket/base/dialer';
import { err, ok, type Result } from '@picket/base/result';
import { onAbort } from '../gate/abort-hub.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { upgradeToTls } from './node-tls.ts';
import { dialFailure } from './socket-error.ts';

type Ended = 'closed' | 'reset' | 'cancelled';

/** A connected TCP socket as a `Connection`. Reads are pulled, so a talkative peer fills a 64 KiB buffer and then waits. */
export class NodeConnection implements Connection {
  readonly address: string;
  readonly port: number;
  #socket: Socket;
  #leftover: Uint8Array | null = null;
  #ended: Ended | null = null;
  #wrote = false;
  /** What ends writes that wait for their callback. */
  readonly #writing = new Set<() => void>();
  #wake: (() => void) | null = null;
  readonly #signal: AbortSignal | undefined;
  readonly #stopWatching: () => void;
  /** Below TLS, when there is TLS: only it can be reset. */
  readonly #plain: Socket;

  constructor(socket: Socket, target: { address: string; port: number }, signal: AbortSignal | undefined) {
    this.address = target.address;
    this.port = target.port;
    this.#socket = socket;
    this.#plain = socket;
    this.#signal = signal;
    this.#listen(socket);
    this.#stopWatching = onAbort(signal, () => this.#cut());
  }

  async write(bytes: Uint8Array): Promise<Result<void, DialFailure>> {
    if (this.#ended !== null) return err(this.#endFailure());
    this.#wrote = true;
    const socket = this.#socket;
    return new Promise((resolve) => {
      // 'close' settles a write whose callback never comes because the socket was destroyed under it.
      const unwritten = () => resolve(err(this.#endFailure()));
      this.#writing.add(unwritten);
      socket.write(bytes, (error) => {
        this.#writing.delete(unwritten);
        resolve(error ? err(dialFailure(error)) : ok(undefined));
      });
    });
  }

  async read(options: ReadOptions): Promise<ReadOutcome> {
    const received = new ByteBuffer(options.maxBytes);
    const deadline = performance.now() + options.timeoutMs;
    for (;;) {
      const chunk = this.#take();
      if (chunk) {
        const rest = received.append(chunk);
        if (rest.length > 0) this.#leftover = rest;
        const bytes = received.bytes();
        if (options.until ? options.until(bytes) : bytes.length > 0) return { bytes, end: 'complete' };
        if (received.full) return { bytes, end: 'limit' };
        continue;
      }
      if (this.#ended !== null) return { bytes: received.bytes(), end: this.#ended };
      const left = deadline - performance.now();
      if (left <= 0) return { bytes: received.bytes(), end: 'timeout' };
      // Timers of more than 2^31 ms fire at once: a long wait is taken in pieces.
      await this.#change(Math.min(left, 60_000));
    }
  }

  async startTls(options: TlsOptions): Promise<Result<TlsSession, DialFailure>> {
    if (this.#ended !== null) return err(this.#endFailure());
    const plain = this.#socket;
    this.#unlisten(plain);
    plain.on('error', () => {});
    this.#leftover = null;
    const upgraded = await upgradeToTls(plain, options, this.#signal);
    if (!upgraded.ok) {
      this.close();
      return upgraded;
    }
    this.#wrote = true;
    this.#socket = upgraded.value.socket;
    this.#listen(this.#socket);
    return ok(upgraded.value.session);
  }

  /** With RST while nothing was written, so that neither side keeps state for a mere look; else as TCP does it. */
  close(): void {
    if (this.#ended === null) this.#ended = 'cancelled';
    this.#stopWatching();
    // A reset of a socket that is shutting down already, because the peer closed first, fails and would keep its descriptor.
    if (this.#wrote || this.#socket.writableEnded) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
    this.#notify();
  }

  /**
   * The run is over: with RST whatever was said. A FIN that is not acknowledged is sent again for minutes, and after the end of a window
   * nothing may be sent.
   */
  #cut(): void {
    if (this.#ended === null) this.#ended = 'cancelled';
    this.#stopWatching();
    if (this.#plain.writableEnded || this.#plain.destroyed) this.#socket.destroy();
    else {
      // TLS must not close what is about to be reset.
      if (this.#socket !== this.#plain) this.#plain.once('close', () => this.#socket.destroy());
      this.#plain.resetAndDestroy();
    }
    this.#notify();
  }

  #take(): Uint8Array | null {
    const kept = this.#leftover;
    this.#leftover = null;
    if (kept) return kept;
    const chunk: unknown = this.#socket.read();
    return chunk instanceof Uint8Array ? chunk : null;
  }

  #change(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#notify(), milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  readonly #notify = (): void => {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  };

  readonly #onEnd = (): void => {
    this.#ended ??= 'closed';
    this.#notify();
  };

  readonly #onClose = (): void => {
    this.#onEnd();
    for (const unwritten of this.#writing) unwritten();
    this.#writing.clear();
  };

  readonly #onError = (error: Error): void => {
    this.#ended ??= dialFailure(error).kind === 'reset' ? 'reset' : 'closed';
    this.#notify();
  };

  #listen(socket: Socket): void {
    socket.on('readable', this.#notify);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onClose);
    socket.on('error', this.#onError);
  }

  #unlisten(socket: Socket): void {
    socket.off('readable', this.#notify);
    socket.off('end', this.#onEnd);
    socket.off('close', this.#onClose);
    socket.off('error', this.#onError);
  }

  #endFailure(): DialFailure {
    if (this.#ended === 'cancelled') return { kind: 'cancelled', detail: 'closed on this side' };
    return { kind: 'reset', detail: this.#ended === 'reset' ? 'ECONNRESET' : 'closed by the peer' };
  }
}
