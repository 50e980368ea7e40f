import { ownValue } from '@picket/base/own-value';
import { ber } from '../../../services/ber.ts';
import { ascii, concat } from '../../../services/bytes.ts';

/** Longest filter that is read, characters; deepest nesting. */
const [mostText, deepest] = [16_384, 32];

/** Tags of the choices of a filter (RFC 4511 section 4.5.1.7). */
const tags = {
  and: 0xa0,
  or: 0xa1,
  not: 0xa2,
  equal: 0xa3,
  substrings: 0xa4,
  present: 0x87,
  extensible: 0xa9,
} as const;
const comparisons: Readonly<Record<string, number>> = { '>': 0xa5, '<': 0xa6, '~': 0xa8 };

/** A search filter in its text form (RFC 4515) as bytes of a search request; null for what is none. Total. */
export function parseLdapFilter(text: string): Uint8Array | null {
  if (text.length > mostText) return null;
  const trimmed = text.trim();
  const whole = trimmed.startsWith('(') ? trimmed : `(${trimmed})`;
  const read = filterAt(whole, 0, 0);
  return read !== null && read.end === whole.length ? read.bytes : null;
}

interface Read {
  readonly bytes: Uint8Array;
  /** Index after it. */
  readonly end: number;
}

function filterAt(text: string, at: number, depth: number): Read | null {
  if (depth > deepest || text[at] !== '(') return null;
  const read = insideAt(text, at + 1, depth);
  return read !== null && text[read.end] === ')' ? { bytes: read.bytes, end: read.end + 1 } : null;
}

function insideAt(text: string, at: number, depth: number): Read | null {
  const mark = text[at];
  if (mark === '!') {
    const inner = filterAt(text, at + 1, depth + 1);
    return inner && { bytes: ber(tags.not, inner.bytes), end: inner.end };
  }
  if (mark === '&' || mark === '|') return listAt(text, at + 1, depth, mark === '&' ? tags.and : tags.or);
  const end = text.indexOf(')', at);
  const bytes = end < 0 ? null : itemOf(text.slice(at, end));
  return bytes && { bytes, end };
}

/** An empty list is true or false for all (RFC 4526). */
function listAt(text: string, start: number, depth: number, tag: number): Read | null {
  const parts: Uint8Array[] = [];
  let at = start;
  while (text[at] === '(') {
    const read = filterAt(text, at, depth + 1);
    if (read === null) return null;
    parts.push(read.bytes);
    at = read.end;
  }
  return { bytes: ber(tag, ...parts), end: at };
}

const attribute = /^[A-Za-z0-9][A-Za-z0-9.;-]{0,127}$/;

function itemOf(text: string): Uint8Array | null {
  const at = text.indexOf('=');
  if (at < 0) return null;
  const left = text.slice(0, at);
  const right = text.slice(at + 1);
  if (left.endsWith(':')) return extensible(left.slice(0, -1), right);
  const compared = ownValue(comparisons, left.at(-1) ?? '');
  const name = compared === undefined ? left : left.slice(0, -1);
  if (!attribute.test(name)) return null;
  if (compared !== undefined) return assertion(compared, name, right);
  if (right === '*') return ber(tags.present, ascii(name));
  return right.includes('*') ? substrings(name, right) : assertion(tags.equal, name, right);
}

function assertion(tag: number, name: string, text: string): Uint8Array | null {
  const value = valueOf(text);
  return value && ber(tag, ber(0x04, ascii(name)), ber(0x04, value));
}

/** `initial*any*any*final`, each tagged by its place. */
function substrings(name: string, text: string): Uint8Array | null {
  const pieces = text.split('*');
  const parts: Uint8Array[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (piece === '') continue;
    const value = valueOf(piece);
    if (value === null) return null;
    parts.push(ber(index === 0 ? 0x80 : index === pieces.length - 1 ? 0x82 : 0x81, value));
  }
  return parts.length === 0 ? null : ber(tags.substrings, ber(0x04, ascii(name)), ber(0x30, ...parts));
}

/** `attribute:dn:rule`, the attribute or the rule may be missing. */
function extensible(left: string, text: string): Uint8Array | null {
  const [name = '', ...rest] = left.split(':');
  const dn = rest[0]?.toLowerCase() === 'dn';
  const [rule = '', ...more] = dn ? rest.slice(1) : rest;
  const value = valueOf(text);
  const named = (word: string) => word === '' || attribute.test(word);
  if (value === null || more.length > 0 || !named(name) || !named(rule) || (name === '' && rule === '')) return null;
  return ber(
    tags.extensible,
    rule === '' ? new Uint8Array(0) : ber(0x81, ascii(rule)),
    name === '' ? new Uint8Array(0) : ber(0x82, ascii(name)),
    ber(0x83, value),
    dn ? ber(0x84, Uint8Array.of(0xff)) : new Uint8Array(0),
  );
}

/** `\2a` is a byte; everything else its UTF-8. */
function valueOf(text: string): Uint8Array | null {
  const [first = '', ...escaped] = text.split('\\');
  const encoder = new TextEncoder();
  const parts = [encoder.encode(first)];
  for (const piece of escaped) {
    if (!/^[0-9a-fA-F]{2}/.test(piece)) return null;
    parts.push(Uint8Array.of(Number.parseInt(piece.slice(0, 2), 16)), encoder.encode(piece.slice(2)));
  }
  return concat(...parts);
}
