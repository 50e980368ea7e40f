import { concat } from './bytes.ts';

/** One element of ASN.1 BER with a definite length (X.690 section 8.1). */
export interface BerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Index after the element. */
  readonly end: number;
}

/** The element at `at`; its content is cut where the bytes end. Null when there is none. */
export function berAt(bytes: Uint8Array, at: number): BerElement | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) return null;
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + (bytes[start + index] ?? 0);
    start += count;
  }
  if (start > bytes.length) return null;
  return { tag, content: bytes.subarray(start, start + length), end: start + length };
}

/** The elements inside a constructed one, at most `most`. */
export function berChildren(content: Uint8Array, most = 256): BerElement[] {
  const children: BerElement[] = [];
  for (let at = 0; at < content.length && children.length < most; ) {
    const element = berAt(content, at);
    if (!element || element.end <= at) break;
    children.push(element);
    at = element.end;
  }
  return children;
}

/** An unsigned integer of at most six bytes, or -1. */
export function berInteger(content: Uint8Array): number {
  return content.length === 0 || content.length > 6 ? -1 : content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** An object identifier in dotted form (X.690 section 8.19), at most 32 numbers; null for what is none or cut short. */
export function berObjectId(content: Uint8Array): string | null {
  const numbers: number[] = [];
  let part = 0;
  for (const [index, byte] of content.entries()) {
    part = part * 128 + (byte & 0x7f);
    if (part > 0xffffffff || numbers.length > 32) return null;
    if (byte >= 0x80) {
      if (index === content.length - 1) return null;
      continue;
    }
    if (numbers.length === 0) numbers.push(...(part < 80 ? [Math.floor(part / 40), part % 40] : [2, part - 80]));
    else numbers.push(part);
    part = 0;
  }
  return numbers.length === 0 ? null : numbers.join('.');
}

/** Encodes an element from its parts, its length in as few bytes as can be. */
export function ber(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  const length = content.length < 0x80 ? [content.length] : longLength(content.length);
  return concat(Uint8Array.from([tag, ...length]), content);
}

function longLength(length: number): number[] {
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 + bytes.length, ...bytes];
}

/** True when the bytes begin with a whole element of this tag. */
export function berWhole(bytes: Uint8Array, tag: number): boolean {
  if (bytes.length > 0 && bytes[0] !== tag) return true;
  const element = berAt(bytes, 0);
  return element !== null && element.end <= bytes.length;
}
