import { latin } from '../../../services/bytes.ts';

/** Bounds of one reply: bytes of a line with its end (RFC 5321 section 4.5.3.1.5), and lines. */
export const smtpReplyBounds = { lineBytes: 512, lines: 100 } as const;

/** A reply of a mail server (RFC 5321 section 4.2): its code, and the text of each line without it. */
export interface SmtpReply {
  readonly code: number;
  readonly lines: readonly string[];
  /** Bytes that it takes. */
  readonly length: number;
}

const lineForm = /^([2-5][0-9]{2})(?:([ -])(.*))?$/s;

/**
 * The reply that the bytes begin with. `partial`: more has to come; `foreign`: this is no reply of a mail server, or one out of
 * bounds. A line may end without a carriage return. Total.
 */
export function decodeSmtpReply(bytes: Uint8Array): SmtpReply | 'partial' | 'foreign' {
  const lines: string[] = [];
  let first = '';
  for (let at = 0; lines.length < smtpReplyBounds.lines; ) {
    const window = bytes.subarray(at, at + smtpReplyBounds.lineBytes);
    const end = window.indexOf(10);
    if (end < 0) return couldBegin(window, first) ? 'partial' : 'foreign';
    const match = lineForm.exec(latin(window.subarray(0, end)).replace(/\r$/, ''));
    const code = match?.[1] ?? '';
    if (!match || (first !== '' && code !== first)) return 'foreign';
    first = code;
    lines.push(match[3] ?? '');
    at += end + 1;
    if (match[2] !== '-') return { code: Number(code), lines, length: at };
  }
  return 'foreign';
}

/** Whether a line that has no end yet may still become one, of the code that the lines before it had. */
function couldBegin(window: Uint8Array, code: string): boolean {
  if (window.length >= smtpReplyBounds.lineBytes) return false;
  const begin = latin(window.subarray(0, 3));
  return code === '' ? /^(?:$|[2-5][0-9]{0,2}$)/.test(begin) : code.startsWith(begin);
}
