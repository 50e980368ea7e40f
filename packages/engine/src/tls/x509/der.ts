/** One DER element (X.690 section 8.1): where it lies in the bytes it was read from. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Header and content together, as they stand in the source. */
  readonly whole: Uint8Array;
}

/** Universal tags (X.680 section 8.4) as they stand on the wire; constructed ones with bit 6. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
} as const;

/** Most elements read of one sequence: a certificate with more is hostile. */
const childLimit = 512;

/**
 * The element at `at`, or null when there is none that lies wholly within the bytes. Definite lengths of at most four bytes;
 * tag numbers above 30 do not occur in certificates and are refused. Not recursive, so no depth can exhaust the stack.
 */
export function decodeDer(bytes: Uint8Array, at = 0): DerElement | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || start + count > bytes.length) return null;
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + (bytes[start + index] ?? 0);
    start += count;
  }
  const end = start + length;
  if (end > bytes.length) return null;
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) };
}

/** The elements inside a constructed one, as far as they are whole; at most 512. */
export function decodeDerList(content: Uint8Array): DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < content.length && found.length < childLimit; ) {
    const element = decodeDer(content, at);
    if (!element) break;
    found.push(element);
    at += element.whole.length;
  }
  return found;
}

/** Dotted form of an object identifier (X.690 section 8.19); empty when it is cut or longer than 64 bytes. */
export function decodeOid(content: Uint8Array): string {
  if (content.length === 0 || content.length > 64 || (content.at(-1) ?? 0) >= 0x80) return '';
  const parts: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER / 128) return '';
    if (byte < 0x80) {
      parts.push(value);
      value = 0;
    }
  }
  const head = parts[0] ?? 0;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...parts.slice(1)].join('.');
}

/** Bytes of a BIT STRING without the count of unused bits in front; empty when there is none. */
export function bitStringBytes(content: Uint8Array): Uint8Array {
  return content.subarray(Math.min(1, content.length));
}

/** A non-negative INTEGER of at most six bytes, else null. */
export function decodeSmallInteger(content: Uint8Array): number | null {
  if (content.length === 0 || content.length > 6 || (content[0] ?? 0) >= 0x80) return null;
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/**
 * Milliseconds since the epoch of a UTCTime or GeneralizedTime (RFC 5280 section 4.1.2.5), or null. Seconds may be missing and a
 * zone may be written out: old issuers did both.
 */
export function decodeTime(element: DerElement): number | null {
  if (element.content.length > 32) return null;
  const text = String.fromCharCode(...element.content);
  const short = element.tag === tags.utcTime;
  if (!short && element.tag !== tags.generalizedTime) return null;
  const year = short ? text.slice(0, 2) : text.slice(0, 4);
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d{1,9})?(Z|[+-]\d{4})?$/.exec(text.slice(year.length));
  if (!match || !/^\d+$/.test(year)) return null;
  const [, month, day, hour, minute, second, zone] = match.map((part) => part ?? '0');
  const full = short ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year);
  const time = new Date(0);
  time.setUTCFullYear(full, Number(month) - 1, Number(day));
  time.setUTCHours(Number(hour), Number(minute), Number(second), 0);
  if (time.getUTCMonth() !== Number(month) - 1 || Number(hour) > 23 || Number(minute) > 59) return null;
  const at = time.getTime() - zoneMs(zone ?? 'Z');
  return at < earliest || at > latest ? null : at;
}

/** Years 0000 to 9999: what a GeneralizedTime and an ISO 8601 text can say. */
const earliest = Date.parse('0000-01-01T00:00:00Z');
const latest = Date.UTC(9999, 11, 31, 23, 59, 59);

function zoneMs(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
