/** Bytes of a text, one per character (characters above 255 are cut). */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);
}

/** Bytes from hexadecimal digits; blanks between them are free. For constants, so that they can be annotated. */
export function hex(...parts: readonly string[]): Uint8Array {
  const digits = parts.join('').replaceAll(/\s+/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

/** The parts in one array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** True when `bytes` begins with `prefix`. */
export function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, index) => bytes[index] === byte);
}

/** The byte at `at`, or -1 outside. */
export function u8(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? -1;
}

/** Big-endian 16 bits, or -1 outside. */
export function u16be(bytes: Uint8Array, at: number): number {
  return at < 0 || at + 2 > bytes.length ? -1 : ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Little-endian 16 bits, or -1 outside. */
export function u16le(bytes: Uint8Array, at: number): number {
  return at < 0 || at + 2 > bytes.length ? -1 : ((bytes[at + 1] ?? 0) << 8) | (bytes[at] ?? 0);
}

/** Big-endian 32 bits, or -1 outside. */
export function u32be(bytes: Uint8Array, at: number): number {
  return at < 0 || at + 4 > bytes.length ? -1 : u16be(bytes, at) * 0x10000 + u16be(bytes, at + 2);
}

/** Little-endian 32 bits, or -1 outside. */
export function u32le(bytes: Uint8Array, at: number): number {
  return at < 0 || at + 4 > bytes.length ? -1 : u16le(bytes, at + 2) * 0x10000 + u16le(bytes, at);
}

/** Big-endian 16 bits. */
export function be16(value: number): Uint8Array {
  return Uint8Array.of((value >>> 8) & 0xff, value & 0xff);
}

/** Big-endian 32 bits. */
export function be32(value: number): Uint8Array {
  return concat(be16(value >>> 16), be16(value));
}

/** Little-endian 16 bits. */
export function le16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff);
}

/** Little-endian 32 bits. */
export function le32(value: number): Uint8Array {
  return concat(le16(value), le16(value >>> 16));
}

const latin1 = new TextDecoder('latin1');
const utf16le = new TextDecoder('utf-16le');

/** One character per byte. */
export function latin(bytes: Uint8Array): string {
  return latin1.decode(bytes);
}

/** Text of UTF-16 little-endian bytes; broken pairs become U+FFFD. */
export function fromUtf16le(bytes: Uint8Array): string {
  return utf16le.decode(bytes);
}

/** Index of `part` in `bytes` from `from` on, or -1. */
export function indexOf(bytes: Uint8Array, part: Uint8Array, from = 0): number {
  for (let at = Math.max(0, from); at + part.length <= bytes.length; at += 1) {
    if (part.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** Bytes up to the first NUL. */
export function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
