import type { Connection, TlsSession } from '@picket/base/dialer';
import { type CheckFailure, failureOf } from '../check-failure.ts';
import { concat, indexOf } from '../../services/bytes.ts';
import { ScriptFault } from './script-fault.ts';

/** Most bytes of one read. */
const mostRead = 1_048_576;

/** A connection for clients of protocols: whole messages, and a fault where there is none. */
export class Channel {
  readonly #connection: Connection;
  #rest: Uint8Array = new Uint8Array(0);
  /** Milliseconds that one read may take. */
  timeoutMs: number;

  constructor(connection: Connection, timeoutMs: number) {
    this.#connection = connection;
    this.timeoutMs = timeoutMs;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const wrote = await this.#connection.write(bytes);
    if (!wrote.ok) throw fault(failureOf(wrote.error));
  }

  /** Exactly so many bytes. */
  async take(length: number): Promise<Uint8Array> {
    if (length > mostRead) throw fault({ reason: 'connection-failed', detail: `a message of ${length} bytes` });
    const bytes = await this.#until((received) => received.length >= length);
    this.#rest = bytes.subarray(length);
    return bytes.subarray(0, length);
  }

  /** Up to and with `mark`. */
  async takeUntil(mark: Uint8Array): Promise<Uint8Array> {
    const bytes = await this.#until((received) => indexOf(received, mark) >= 0);
    const end = indexOf(bytes, mark) + mark.length;
    this.#rest = bytes.subarray(end);
    return bytes.subarray(0, end);
  }

  /** Everything up to when `whole` holds. */
  async takeWhile(whole: (bytes: Uint8Array) => boolean): Promise<Uint8Array> {
    const bytes = await this.#until(whole);
    this.#rest = new Uint8Array(0);
    return bytes;
  }

  /** What is there or comes first, at most so many bytes; empty after silence or at the end. */
  async takeSome(most: number, timeoutMs: number = this.timeoutMs): Promise<Uint8Array> {
    if (this.#rest.length === 0) {
      const { bytes } = await this.#connection.read({ timeoutMs, maxBytes: Math.min(most, mostRead) });
      this.#rest = bytes;
    }
    const bytes = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  async startTls(serverName: string | null): Promise<TlsSession> {
    const secured = await this.#connection.startTls({
      timeoutMs: this.timeoutMs,
      ...(serverName === null ? {} : { serverName }),
    });
    if (!secured.ok) throw fault(failureOf(secured.error, true));
    return secured.value;
  }

  close(): void {
    this.#connection.close();
  }

  /** Reads until `whole` holds; what came after it stays for the next read. */
  async #until(whole: (bytes: Uint8Array) => boolean): Promise<Uint8Array> {
    const before = this.#rest;
    if (whole(before)) return before;
    const reply = await this.#connection.read({
      timeoutMs: this.timeoutMs,
      maxBytes: mostRead + 65_536,
      until: (bytes) => whole(before.length === 0 ? bytes : concat(before, bytes)),
    });
    const bytes = concat(before, reply.bytes);
    this.#rest = bytes;
    if (whole(bytes)) return bytes;
    if (reply.end === 'timeout') throw fault({ reason: 'timeout', detail: 'no whole answer in time' });
    throw fault({
      reason: reply.end === 'cancelled' ? 'cancelled' : 'connection-failed',
      detail: 'the service hung up',
    });
  }
}

export function fault(failure: CheckFailure): ScriptFault {
  return new ScriptFault(`${failure.reason}: ${failure.detail}`, failure);
}
