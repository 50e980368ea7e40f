import { type AnswerHead, fieldValues } from './answer-head.ts';

/** How the end of an answer's body is known (RFC 9112 section 6.3). */
export type BodyFraming =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' | 'until-close' };

/** The framing of a refusal's body. Total: what is unclear ends with the connection. */
export function bodyFraming(head: AnswerHead): BodyFraming {
  const encodings = fieldValues(head, 'transfer-encoding');
  if (encodings.length > 0)
    return { kind: encodings.join(',').trim().toLowerCase() === 'chunked' ? 'chunked' : 'until-close' };
  const lengths = new Set(fieldValues(head, 'content-length'));
  const [length = ''] = lengths;
  if (lengths.size !== 1 || !/^[0-9]{1,9}$/.test(length)) return { kind: 'until-close' };
  return { kind: 'length', bytes: Number(length) };
}

/** Whether the proxy keeps the connection for a next request (RFC 9112 section 9.3; `Proxy-Connection` is the older word). */
export function keepsConnection(head: AnswerHead): boolean {
  const words = ['connection', 'proxy-connection'].flatMap((name) =>
    fieldValues(head, name).flatMap((value) => value.toLowerCase().split(/[ \t]*,[ \t]*/)),
  );
  if (words.includes('close')) return false;
  return head.version === '1.1' || words.includes('keep-alive');
}

/** Where a chunked body ends in the bytes; null: not yet; -1: it is none. Total. */
export function chunkedEnd(bytes: Uint8Array): number | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  for (let at = 0; ; ) {
    const line = text.indexOf('\n', at);
    if (line < 0) return text.length - at > 1000 ? -1 : null;
    const size = /^([0-9A-Fa-f]{1,6})(?:[ \t]*;[^\r\n]*)?\r?$/.exec(text.slice(at, line))?.[1];
    if (size === undefined) return -1;
    const length = Number.parseInt(size, 16);
    if (length === 0) {
      const trailer = /^(?:[^\r\n]+\r?\n)*\r?\n/.exec(text.slice(line + 1));
      return trailer === null ? null : line + 1 + trailer[0].length;
    }
    const next = line + 1 + length;
    if (next >= text.length) return null;
    at = text.startsWith('\r\n', next) ? next + 2 : next + 1;
  }
}
