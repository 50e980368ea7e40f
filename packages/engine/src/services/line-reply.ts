import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { latin } from './bytes.ts';

/** A reply of the FTP and SMTP family (RFC 959 section 4.2): a code, and lines of text joined by line feeds. */
export interface LineReply {
  readonly code: number;
  readonly text: string;
}

/** Total: null when the bytes do not begin with a three-digit code. */
export function reply(bytes: Uint8Array | undefined): LineReply | null {
  if (!bytes) return null;
  const text = decodeText(bytes.subarray(0, 8192));
  const first = /^([1-5][0-9]{2})(?:[ -]|\r?\n|$)/.exec(text);
  if (!first) return null;
  const code = first[1] ?? '';
  const lines = text.split(/\r?\n/).map((line) => (line.startsWith(code) ? line.slice(4) : line));
  return { code: Number(code), text: lines.join('\n').trim() };
}

/** The text of a reply without its code; empty when it is none. */
export function replyText(bytes: Uint8Array | undefined): string {
  return reply(bytes)?.text ?? '';
}

/** True when the last line of the reply is there: code, then a blank. */
export function replyWhole(bytes: Uint8Array): boolean {
  return /(?:^|\n)[1-5][0-9]{2}(?: [^\n]*)?\r?\n$/.test(latin(bytes.subarray(-4096)));
}

/** True when the bytes end with a line feed. */
export function lineWhole(bytes: Uint8Array): boolean {
  return bytes.at(-1) === 0x0a;
}
