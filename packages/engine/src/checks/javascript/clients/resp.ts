import { ascii, concat, indexOf, latin } from '../../../services/bytes.ts';

/** A reply of Redis (RESP2): a text, an error, a number, nothing, or a list. */
export type RespReply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'nothing' };

const lineEnd = ascii('\r\n');
/** Longest bulk text that is taken, bytes. */
const mostBytes = 1_048_576;

/** A command as an array of bulk strings. */
export function respCommand(...words: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts = words.flatMap((word) => {
    const bytes = encoder.encode(word);
    return [ascii(`$${bytes.length}\r\n`), bytes, lineEnd];
  });
  return concat(ascii(`*${words.length}\r\n`), ...parts);
}

/** The first reply in the bytes. `partial`: more has to come; `foreign`: this is no reply of Redis. Total. */
export function decodeRespReply(bytes: Uint8Array): RespReply | 'partial' | 'foreign' {
  const end = indexOf(bytes.subarray(0, 65_536), lineEnd);
  if (bytes.length === 0) return 'partial';
  if (!'+-:$*'.includes(String.fromCharCode(bytes[0] ?? 0))) return 'foreign';
  if (end < 0) return bytes.length > 65_536 ? 'foreign' : 'partial';
  const line = latin(bytes.subarray(1, end));
  switch (String.fromCharCode(bytes[0] ?? 0)) {
    case '+':
      return { kind: 'text', text: line };
    case '-':
      return { kind: 'error', text: line };
    case ':':
      return /^-?[0-9]{1,15}$/.test(line) ? { kind: 'number', value: Number(line) } : 'foreign';
    case '$':
      return bulk(bytes, end + 2, line);
    default:
      return { kind: 'nothing' };
  }
}

function bulk(bytes: Uint8Array, start: number, length: string): RespReply | 'partial' | 'foreign' {
  if (length === '-1') return { kind: 'nothing' };
  if (!/^[0-9]{1,7}$/.test(length) || Number(length) > mostBytes) return 'foreign';
  const stop = start + Number(length);
  return bytes.length < stop + 2 ? 'partial' : { kind: 'text', text: latin(bytes.subarray(start, stop)) };
}
