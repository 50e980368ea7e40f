import { concat, latin, u16be, u8 } from '../services/bytes.ts';

/** Longest name in wire form (RFC 1035 section 2.3.4). */
const longestName = 255;

/** A name in wire form (RFC 1035 section 3.1); null when a label or the whole is too long or empty. One byte a character. */
export function encodeName(name: string): Uint8Array | null {
  const labels = name.replace(/\.$/, '').split('.');
  const wire = concat(
    ...(name === '' || name === '.' ? [] : labels).map((label) =>
      Uint8Array.from([label.length, ...[...label].map((character) => character.charCodeAt(0) & 0xff)]),
    ),
    Uint8Array.of(0),
  );
  const whole = name === '' || name === '.' || labels.every((label) => label.length > 0 && label.length < 64);
  return whole && wire.length <= longestName ? wire : null;
}

/**
 * Reads a name, following pointers (section 4.1.4) backwards only, so that it ends. `labels`: their raw bytes; `end`: index after it
 * where it stands. Null when it is broken.
 */
export function labelsAt(
  message: Uint8Array,
  start: number,
): { readonly labels: readonly Uint8Array[]; readonly end: number } | null {
  const labels: Uint8Array[] = [];
  let at = start;
  let end = -1;
  let bound = start;
  for (let total = 0; total <= longestName; ) {
    const length = u8(message, at);
    if (length < 0) return null;
    if (length === 0) return { labels, end: end < 0 ? at + 1 : end };
    if (length >= 0xc0) {
      const target = u16be(message, at) & 0x3fff;
      if (u8(message, at + 1) < 0 || target >= bound) return null;
      if (end < 0) end = at + 2;
      at = target;
      bound = target;
      continue;
    }
    if (length > 63 || at + 1 + length > message.length) return null;
    labels.push(message.subarray(at + 1, at + 1 + length));
    total += 1 + length;
    at += 1 + length;
  }
  return null;
}

/** Text of a name as in a zone file (section 5.1), with its dot at the end: dots and what is not printable are escaped. */
export function nameText(labels: readonly Uint8Array[]): string {
  return `${labels.map((label) => escaped(label, /[^!-~]|[.\\"();@$]/g)).join('.')}.`;
}

/** A character-string as in a zone file, without its quotes. */
export function stringText(bytes: Uint8Array): string {
  return escaped(bytes, /[^ -~]|[\\"]/g);
}

function escaped(bytes: Uint8Array, special: RegExp): string {
  return latin(bytes).replace(special, (character) =>
    /[!-~]/.test(character) ? `\\${character}` : `\\${String(character.charCodeAt(0) & 0xff).padStart(3, '0')}`,
  );
}
