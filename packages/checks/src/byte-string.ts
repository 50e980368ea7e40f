/**
 * A byte string is a JavaScript string whose every character is one byte (0 to 255), as Go's strings are bytes. Replies,
 * template texts and DSL values are all byte strings, so that lengths, hashes and comparisons come out as the template
 * format means them, for text and for binary protocols alike.
 */
export type ByteString = string;

/** The UTF-8 bytes of a text. */
export function fromText(text: string): ByteString {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function fromBytes(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function toBytes(value: ByteString): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(value, 'latin1'));
}

/** Text for people: UTF-8 where the bytes are UTF-8, else one character a byte. */
export function toText(value: ByteString): string {
  return asUtf8(value) ?? value;
}

/** The text of bytes that are valid UTF-8, else null. */
export function asUtf8(value: ByteString): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(toBytes(value));
  } catch {
    return null;
  }
}

/** Bytes of a hex text, blanks ignored; null when it is not hex. */
export function fromHex(text: string): ByteString | null {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) return null;
  return Buffer.from(digits, 'hex').toString('latin1');
}

export function toHex(value: ByteString): string {
  return Buffer.from(value, 'latin1').toString('hex');
}

/** Decodes standard or URL-safe base64, padded or not; null when it is neither. */
export function fromBase64(text: string): ByteString | null {
  const compact = text.replace(/[\r\n]/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(compact)) return null;
  return Buffer.from(compact, 'base64').toString('latin1');
}

export function toBase64(value: ByteString): string {
  return Buffer.from(value, 'latin1').toString('base64');
}
