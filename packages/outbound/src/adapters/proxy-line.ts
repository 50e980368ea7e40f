import type { Socket } from 'node:net';
import { type AnswerHead, readHead } from '../proxy/answer-head.ts';
import { bodyFraming, chunkedEnd } from '../proxy/answer-body.ts';

/** Why there is no answer. */
export type LineEnd = 'closed' | 'not-http' | 'too-long' | 'late' | 'cancelled';

/** A refusal's body is read away up to here, bytes; behind a longer one the connection is given up. */
const longestBody = 65_536;
/** Interim answers (1xx) before the final one. */
const mostInterim = 8;

/** One connection to a proxy, before it is a tunnel: requests go out, answers come in, bounded in bytes and time. */
export class ProxyLine {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};
  readonly #onData = (chunk: Buffer) => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#wake();
  };
  readonly #onEnd = () => {
    this.#ended = true;
    this.#wake();
  };

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#onData);
    for (const event of ['end', 'close', 'error'] as const) socket.on(event, this.#onEnd);
  }

  send(request: Uint8Array): void {
    this.#socket.write(request);
  }

  /** The next final answer, whole up to its body, within `milliseconds` in all. */
  async answer(milliseconds: number, signal: AbortSignal): Promise<AnswerHead | LineEnd> {
    const limit = AbortSignal.timeout(milliseconds);
    for (let interim = 0; ; ) {
      const reading = readHead(this.#bytes);
      if (reading.kind === 'head') {
        this.#bytes = this.#bytes.subarray(reading.bodyAt);
        if (reading.head.status >= 200) return reading.head;
        if ((interim += 1) > mostInterim) return 'too-long';
        continue;
      }
      if (reading.kind !== 'partial') return reading.kind;
      if (this.#ended) return 'closed';
      const waited = await this.#more(limit, signal);
      if (waited !== 'more') return waited;
    }
  }

  /** Reads a refusal's body away. False: it is too long, unclear or late, and the connection is of no use any more. */
  async discardBody(head: AnswerHead, milliseconds: number, signal: AbortSignal): Promise<boolean> {
    const limit = AbortSignal.timeout(milliseconds);
    const framing = bodyFraming(head);
    if (framing.kind === 'until-close' || (framing.kind === 'length' && framing.bytes > longestBody)) return false;
    for (;;) {
      const end = framing.kind === 'length' ? framing.bytes : chunkedEnd(this.#bytes);
      if (end === -1 || (end === null && this.#bytes.length > longestBody)) return false;
      if (end !== null && this.#bytes.length >= end) {
        this.#bytes = this.#bytes.subarray(end);
        return !this.#ended;
      }
      if (this.#ended || (await this.#more(limit, signal)) !== 'more') return false;
    }
  }

  /** The bare stream, from the first byte after the last head on. */
  release(): Socket {
    const socket = this.#socket;
    socket.off('data', this.#onData);
    for (const event of ['end', 'close', 'error'] as const) socket.off(event, this.#onEnd);
    socket.pause();
    if (this.#bytes.length > 0) socket.unshift(this.#bytes);
    return socket;
  }

  close(): void {
    this.#socket.destroy();
  }

  #more(limit: AbortSignal, signal: AbortSignal): Promise<'more' | 'late' | 'cancelled'> {
    return new Promise((resolve) => {
      const settle = (outcome: 'more' | 'late' | 'cancelled') => {
        limit.removeEventListener('abort', onLimit);
        signal.removeEventListener('abort', onAbort);
        this.#wake = () => {};
        resolve(outcome);
      };
      const onLimit = () => settle('late');
      const onAbort = () => settle('cancelled');
      this.#wake = () => settle('more');
      if (signal.aborted) return onAbort();
      if (limit.aborted) return onLimit();
      limit.addEventListener('abort', onLimit, { once: true });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
