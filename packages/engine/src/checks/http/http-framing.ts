import type { ReadOutcome } from '@picket/base/dialer';
import { fromBytes } from '@picket/checks/byte-string';
import type { HttpAnswer } from '@picket/checks/run/http-message';
import { undoContentCoding } from './content-coding.ts';

interface Head {
  readonly status: number;
  readonly text: string;
  readonly headers: readonly (readonly [string, string])[];
  /** The first value of each name, in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** Offset of the body. */
  readonly end: number;
}

const headLimit = 65_536;
const decoder = new TextDecoder('latin1');

/** Parses a response head leniently (RFC 9112 section 4): bare LF is taken, a bad field line is skipped. Null: not there yet, or no HTTP. */
function parseHead(bytes: Uint8Array): Head | null {
  const blank = blankLineEnd(bytes, 0);
  if (blank < 0) return null;
  const text = fromBytes(bytes.subarray(0, Math.min(blank, headLimit)));
  const match = /\r?\n\r?\n/.exec(text);
  if (!match || !/^HTTP\/1\.[01] [0-9]{3}/.test(text)) return null;
  const lines = text.slice(0, match.index).split(/\r?\n/);
  const headers = lines.slice(1, 201).flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
  const fields = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (!fields.has(key)) fields.set(key, value);
  }
  const status = Number(lines[0]?.slice(9, 12));
  return { status, text: `${lines.join('\r\n')}\r\n`, headers, fields, end: match.index + match[0].length };
}

const field = (head: Head, name: string): string | undefined => head.fields.get(name);

function chunked(head: Head): boolean {
  const coding = field(head, 'transfer-encoding');
  return coding !== undefined && /\bchunked\b/i.test(coding);
}

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

/**
 * Watches an answer that grows. Remembers how far it read: a server that sends a byte at a time, or a chunk for each byte, costs no
 * more than one that sends all at once.
 */
export class AnswerWatcher {
  readonly #method: string;
  #found: { readonly head: Head; readonly bodyAt: number } | null = null;
  #chunkAt = 0;
  #looked = 0;
  #end: number | null = null;

  constructor(method: string) {
    this.#method = method;
  }

  /** The head of the final answer and where its body begins; null: not there yet, or no HTTP. */
  get found(): { readonly head: Head; readonly bodyAt: number } | null {
    return this.#found;
  }

  /** Whether the answer is whole, or can't become one; what is framed by the end of the connection is never whole. */
  readonly isWhole = (bytes: Uint8Array): boolean => {
    if (this.#found === null && isForeign(bytes)) return true;
    this.#found ??= this.#lookForHead(bytes);
    if (this.#found === null) return bytes.length > headLimit;
    const { head, bodyAt } = this.#found;
    if (bodyless(head, this.#method)) this.#end = bodyAt;
    else if (chunked(head)) return this.#chunksAreWhole(bytes, bodyAt);
    else if (!endsWithConnection(head)) {
      const end = bodyAt + Number(field(head, 'content-length'));
      if (bytes.length >= end) this.#end = end;
    }
    return this.#end !== null;
  };

  /** Whether another request may follow on the connection (RFC 9112 section 9.3), once the answer is whole. */
  leavesOpen(bytes: Uint8Array): boolean {
    if (this.#found === null || this.#end !== bytes.length) return false;
    return this.#found.head.status !== 101 && !this.saysClose();
  }

  /**
   * Where an answer ends that others may follow, by the strict reading (RFC 9112 section 6.3): `open` while that is not known yet or only
   * the connection's end is its end, `lost` when nobody can tell. To be asked after `isWhole`, with the same bytes.
   */
  endsAt(bytes: Uint8Array): number | 'open' | 'lost' {
    if (this.#found === null) return isForeign(bytes) || bytes.length > headLimit ? 'lost' : 'open';
    const { head, bodyAt } = this.#found;
    const lengths = head.headers.filter(([name]) => name.toLowerCase() === 'content-length').map(([, value]) => value);
    if (head.status === 101 || new Set(lengths).size > 1 || (chunked(head) && lengths.length > 0)) return 'lost';
    if (bodyless(head, this.#method) || !chunked(head)) return this.#end ?? 'open';
    const end = lastChunkEnd(bytes.subarray(bodyAt), this.#chunkAt);
    return typeof end === 'number' ? bodyAt + end : end;
  }

  /** Whether the server says that nothing follows the answer (RFC 9112 section 9.6). */
  saysClose(): boolean {
    if (this.#found === null) return false;
    const { head } = this.#found;
    const wish = (field(head, 'connection') ?? '').toLowerCase();
    return head.text.startsWith('HTTP/1.1') ? wish.includes('close') : wish !== 'keep-alive';
  }

  #lookForHead(bytes: Uint8Array): { head: Head; bodyAt: number } | null {
    if (blankLineEnd(bytes, this.#looked) < 0) {
      this.#looked = Math.max(0, bytes.length - 3);
      return null;
    }
    const parsed = finalHead(bytes);
    return parsed && { head: parsed.head, bodyAt: bytes.length - parsed.rest.length + parsed.head.end };
  }

  #chunksAreWhole(bytes: Uint8Array, bodyAt: number): boolean {
    const body = bytes.subarray(bodyAt);
    const walked = walkChunks(body, this.#chunkAt, null);
    this.#chunkAt = walked.at;
    // After the last chunk come trailers and an empty line; a plain one ends here.
    if (walked.done && decoder.decode(body.subarray(walked.at)) === '0\r\n\r\n') this.#end = bytes.length;
    return walked.done;
  }
}

/** Where the first empty line ends from `from` on, -1 if there is none: only then can a head be whole. */
function blankLineEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(10, from); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3;
  }
  return -1;
}

/** `HTTP/`. */
const httpMark = [0x48, 0x54, 0x54, 0x50, 0x2f];

function isForeign(bytes: Uint8Array): boolean {
  return bytes.length >= 5 && httpMark.some((code, at) => bytes[at] !== code);
}

/** Whether an answer is framed by the end of its connection (RFC 9112 section 6.3, rule 8). */
function endsWithConnection(head: Head): boolean {
  return !chunked(head) && !/^[0-9]{1,12}$/.test(field(head, 'content-length') ?? '');
}

/** The answer that the bytes hold, or null when they are no HTTP. `end`: why reading stopped. `watcher`: has looked at these very bytes. */
export function readAnswer(
  bytes: Uint8Array,
  method: string,
  limits: { maxBody: number; seconds: number; end: ReadOutcome['end'] },
  watcher: AnswerWatcher = new AnswerWatcher(method),
): HttpAnswer | null {
  const whole = watcher.isWhole(bytes);
  const found = watcher.found;
  if (found === null) return null;
  const { head, bodyAt } = found;
  let body: Uint8Array = bodyless(head, method) ? new Uint8Array(0) : bytes.subarray(bodyAt);
  const length = field(head, 'content-length');
  if (chunked(head)) body = unchunk(body);
  else if (length !== undefined && /^[0-9]{1,12}$/.test(length)) body = body.subarray(0, Number(length));
  const coding = field(head, 'content-encoding') ?? '';
  const plain = undoContentCoding(body, coding, limits.maxBody);
  return {
    status: head.status,
    head: head.text,
    headers: head.headers,
    body: fromBytes(plain ?? body.subarray(0, limits.maxBody)),
    coded: plain === null ? coding.slice(0, 64) : null,
    seconds: limits.seconds,
    whole: whole || limits.end === 'limit' || (limits.end === 'closed' && endsWithConnection(head)),
  };
}

/** Undoes chunked coding (RFC 9112 section 7.1) as far as the bytes go. */
function unchunk(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  return out.subarray(0, walkChunks(bytes, 0, out).written);
}

/** Longest line that announces a chunk, with its extensions. */
const chunkLineLimit = 1024;

/**
 * Walks over chunks from the beginning of one, copying what they hold to `out` if there is one. `at`: where the first chunk begins
 * that is not whole yet; a last one that is cut is copied as far as it goes.
 */
function walkChunks(
  bytes: Uint8Array,
  from: number,
  out: Uint8Array | null,
): { readonly at: number; readonly written: number; readonly done: boolean } {
  let at = from;
  let written = 0;
  for (;;) {
    const lineEnd = bytes.indexOf(10, at);
    if (lineEnd < 0 || lineEnd - at > chunkLineLimit) return { at, written, done: bytes.length - at > chunkLineLimit };
    const length = chunkLength(bytes, at, lineEnd);
    if (length <= 0) return { at, written, done: true };
    const end = lineEnd + 1 + length;
    const part = bytes.subarray(lineEnd + 1, end);
    out?.set(part, written);
    written += part.length;
    let next = end;
    if (bytes[next] === 13) next += 1;
    if (bytes[next] === 10) next += 1;
    if (next >= bytes.length) return { at, written, done: false };
    at = next;
  }
}

/** Longest trailer section after the last chunk. */
const trailerLimit = 8192;

/** Where chunks end of which all before `at` are whole: after the last one, its trailers and an empty line. */
function lastChunkEnd(body: Uint8Array, at: number): number | 'open' | 'lost' {
  const lineEnd = body.indexOf(10, at);
  if (lineEnd < 0) return body.length - at > chunkLineLimit ? 'lost' : 'open';
  const length = chunkLength(body, at, lineEnd);
  if (length !== 0) return length < 0 || lineEnd - at > chunkLineLimit ? 'lost' : 'open';
  for (let line = lineEnd + 1; line - lineEnd <= trailerLimit; ) {
    const next = body.indexOf(10, line);
    if (next < 0) return body.length - lineEnd > trailerLimit ? 'lost' : 'open';
    if (next === line || (next === line + 1 && body[line] === 13)) return next + 1;
    line = next + 1;
  }
  return 'lost';
}

/** The hexadecimal number at the beginning of a line, or -1 when there is none of at most eight digits. */
function chunkLength(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at += 1;
  let length = 0;
  let digits = 0;
  for (; at < end && digits <= 8; at += 1, digits += 1) {
    const digit = hexDigit(bytes[at] ?? 0);
    if (digit < 0) break;
    length = length * 16 + digit;
  }
  return digits === 0 || digits > 8 ? -1 : length;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
