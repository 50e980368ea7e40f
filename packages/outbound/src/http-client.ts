import type { Result } from '@picket/base/result';
import type { OutboundFailure } from './failure.ts';

/** One request to the origin that the client was made for. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Total time from the call to the last byte of the answer, milliseconds. */
  readonly deadlineMs: number;
  /** An answer with a larger body is a failure. */
  readonly maxAnswerBytes: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** A header field of the answer by its lower-case name. */
  header(name: string): string | undefined;
  readonly body: Uint8Array;
  /** Our address on that connection: what the platform's network sees, unless it is translated. */
  readonly localAddress: string | null;
}

/** HTTPS to one origin. Any status is an answer; a failure means that there is none. */
export interface HttpClient {
  readonly origin: string;
  request(request: HttpRequest): Promise<Result<HttpAnswer, OutboundFailure>>;
  /** Drops all connections. Requests under way fail as `closed`. */
  close(): void;
}
