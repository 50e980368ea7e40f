import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { ReadOutcome } from '@picket/base/dialer';
import { fromBytes } from '@picket/checks/byte-string';
import type { HttpAnswer } from '@picket/checks/run/http-message';

interface Head {
  readonly status: number;
  readonly text: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Offset of the body. */
  readonly end: number;
}

const headLimit = 65_536;
const decoder = new TextDecoder('latin1');

/** Parses a response head leniently (RFC 9112 section 4): bare LF is taken, a bad field line is skipped. Null: not there yet, or no HTTP. */
function parseHead(bytes: Uint8Array): Head | null {
  const text = fromBytes(bytes.subarray(0, headLimit));
  const match = /\r?\n\r?\n/.exec(text);
  if (!match || !/^HTTP\/1\.[01] [0-9]{3}/.test(text)) return null;
  const lines = text.slice(0, match.index).split(/\r?\n/);
  const headers = lines.slice(1, 201).flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
  const status = Number(lines[0]?.slice(9, 12));
  return { status, text: `${lines.join('\r\n')}\r\n`, headers, end: match.index + match[0].length };
}

const field = (head: Head, name: string): string | undefined =>
  head.headers.find(([key]) => key.toLowerCase() === name)?.[1];

const chunked = (head: Head) => /\bchunked\b/i.test(field(head, 'transfer-encoding') ?? '');

const bodyless = (head: Head, method: string) => method === 'HEAD' || head.status === 204 || head.status === 304;

/** Skips interim answers (1xx, RFC 9110 section 15.2). */
function finalHead(bytes: Uint8Array): { head: Head; rest: Uint8Array } | null {
  let rest = bytes;
  for (let interim = 0; interim < 5; interim += 1) {
    const head = parseHead(rest);
    if (head === null) return null;
    if (head.status >= 200 || head.status === 101) return { head, rest };
    rest = rest.subarray(head.end);
  }
  return null;
}

/** Whether a whole answer is there; what is framed by the end of the connection is never whole. */
export function isWhole(bytes: Uint8Array, method: string): boolean {
  const found = finalHead(bytes);
  if (found === null)
    return bytes.length > headLimit || (bytes.length >= 5 && !decoder.decode(bytes.subarray(0, 5)).startsWith('HTTP/'));
  const { head, rest } = found;
  if (bodyless(head, method)) return true;
  if (chunked(head)) return unchunk(rest.subarray(head.end)).done;
  const length = field(head, 'content-length');
  return length !== undefined && /^[0-9]{1,12}$/.test(length) && rest.length - head.end >= Number(length);
}

/** Whether an answer is framed by the end of its connection (RFC 9112 section 6.3, rule 8). */
function endsWithConnection(head: Head): boolean {
  return !chunked(head) && !/^[0-9]{1,12}$/.test(field(head, 'content-length') ?? '');
}

/** The answer that the bytes hold, or null when they are no HTTP. `end`: why reading stopped. */
export function readAnswer(
  bytes: Uint8Array,
  method: string,
  limits: { maxBody: number; seconds: number; end: ReadOutcome['end'] },
): HttpAnswer | null {
  const found = finalHead(bytes);
  if (found === null) return null;
  const { head, rest } = found;
  let body: Uint8Array = bodyless(head, method) ? new Uint8Array(0) : rest.subarray(head.end);
  const length = field(head, 'content-length');
  if (chunked(head)) body = unchunk(body).bytes;
  else if (length !== undefined && /^[0-9]{1,12}$/.test(length)) body = body.subarray(0, Number(length));
  const plain = decode(body, field(head, 'content-encoding') ?? '', limits.maxBody);
  return {
    status: head.status,
    head: head.text,
    headers: head.headers,
    body: fromBytes(plain.subarray(0, limits.maxBody)),
    seconds: limits.seconds,
    whole: isWhole(bytes, method) || limits.end === 'limit' || (limits.end === 'closed' && endsWithConnection(head)),
  };
}

/** Undoes chunked coding (RFC 9112 section 7.1) as far as the bytes go. */
function unchunk(bytes: Uint8Array): { bytes: Uint8Array; done: boolean } {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(10, at);
    if (end < 0 || end - at > 1024) return { bytes: join(pieces), done: false };
    const size = /^\s*([0-9a-fA-F]{1,8})/.exec(decoder.decode(bytes.subarray(at, end)))?.[1];
    if (size === undefined) return { bytes: join(pieces), done: true };
    const length = Number.parseInt(size, 16);
    if (length === 0) return { bytes: join(pieces), done: true };
    pieces.push(bytes.subarray(end + 1, end + 1 + length));
    at = end + 1 + length;
    if (at > bytes.length) return { bytes: join(pieces), done: false };
    if (bytes[at] === 13) at += 1;
    if (bytes[at] === 10) at += 1;
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

/** Undoes one content coding within a bound; what cannot be decoded stays as it came. */
function decode(body: Uint8Array, coding: string, maxOutputLength: number): Uint8Array {
  const options = { maxOutputLength: Math.max(maxOutputLength, 1), finishFlush: 2 };
  const attempts: Readonly<Record<string, (() => Uint8Array)[]>> = {
    gzip: [() => gunzipSync(body, options)],
    'x-gzip': [() => gunzipSync(body, options)],
    deflate: [() => inflateSync(body, options), () => inflateRawSync(body, options)],
  };
  for (const attempt of attempts[coding.trim().toLowerCase()] ?? []) {
    try {
      return new Uint8Array(attempt());
    } catch {
      // Not this coding, or a bomb: the next attempt, else the bytes as they are.
    }
  }
  return body;
}
