import { err, ok, type Result } from '@picket/base/result';
import type { FieldKey, FieldView } from './field-key.ts';

const length = 12;

/** Twelve decimal digits in the form `nnn.nnn.nnn.nnn`. */
export interface Ipv4Field {
  readonly kind: 'ipv4';
  readonly digits: string;
  /** 0 to 12; 12 is behind the last digit, where typing ends. */
  readonly cursor: number;
  /** Digits typed one after the other in the octet of the cursor; a key that moves or turns makes it 0. */
  readonly typed: number;
  /** A dot was typed: the octets then come as people write them, `10.1.2.3`. */
  readonly dotted: boolean;
}

/** A field that opens with `address` (dotted decimal), null: with zeros. */
export function ipv4Field(address: string | null): Ipv4Field {
  const digits = (address ?? '0.0.0.0')
    .split('.')
    .map((octet) => octet.padStart(3, '0'))
    .join('');
  return { kind: 'ipv4', digits, cursor: 0, typed: 0, dotted: false };
}

export function ipv4FieldKey(field: Ipv4Field, key: FieldKey): Result<Ipv4Field, string> {
  switch (key.type) {
    case 'turn':
      return ok(turned(field, key.steps));
    case 'move': {
      const cursor = Math.min(length - 1, Math.max(0, field.cursor + key.steps));
      return ok({ ...field, cursor, typed: 0 });
    }
    case 'clear':
      return ok(ipv4Field(null));
    case 'erase': {
      const cursor = Math.max(0, field.cursor - 1);
      return ok({ ...field, digits: put(field.digits, cursor, '0'), cursor, typed: 0 });
    }
    case 'char':
      return key.char === '.' ? dotTyped(field) : digitTyped(field, key.char);
  }
}

/** The address without leading zeros; zeros give `0.0.0.0`. */
export function ipv4FieldValue(field: Ipv4Field): Result<string, string> {
  const { digits } = field.dotted ? aligned(field) : field;
  const octets = [0, 3, 6, 9].map((at) => Number(digits.slice(at, at + 3)));
  return octets.some((octet) => octet > 255) ? err('OCTET IS OVER 255') : ok(octets.join('.'));
}

export function ipv4FieldView(field: Ipv4Field): FieldView {
  const { digits } = field.dotted ? aligned(field) : field;
  const text = [0, 3, 6, 9].map((at) => digits.slice(at, at + 3)).join('.');
  const cursor = field.cursor >= length ? text.length : field.cursor + Math.floor(field.cursor / 3);
  return { text, cursor };
}

function turned(field: Ipv4Field, steps: 1 | -1): Ipv4Field {
  const cursor = Math.min(field.cursor, length - 1);
  const digit = (Number(field.digits[cursor]) + steps + 10) % 10;
  return { ...field, digits: put(field.digits, cursor, String(digit)), cursor, typed: 0 };
}

function digitTyped(field: Ipv4Field, char: string): Result<Ipv4Field, string> {
  if (!/^[0-9]$/.test(char)) return err('NOT IN THIS FIELD');
  if (field.cursor >= length) return err('FIELD IS FULL');
  const startsOctet = field.cursor % 3 === 0;
  const typed = startsOctet ? 1 : field.typed === 0 ? 0 : field.typed + 1;
  return ok({ ...field, digits: put(field.digits, field.cursor, char), cursor: field.cursor + 1, typed });
}

/** A dot ends an octet: what was typed of it is its last digits. Right behind a full octet it says nothing new. */
function dotTyped(field: Ipv4Field): Result<Ipv4Field, string> {
  if (field.typed === 0 || field.cursor >= length) return err('NOT IN THIS FIELD');
  return ok({ ...aligned(field), typed: 0, dotted: true });
}

function aligned(field: Ipv4Field): Ipv4Field {
  const { cursor, typed } = field;
  if (typed === 0 || typed === 3) return field;
  const start = cursor - typed;
  const octet = field.digits.slice(start, cursor).padStart(3, '0');
  return {
    ...field,
    digits: `${field.digits.slice(0, start)}${octet}${field.digits.slice(start + 3)}`,
    cursor: start + 3,
  };
}

function put(digits: string, at: number, digit: string): string {
  return `${digits.slice(0, at)}${digit}${digits.slice(at + 1)}`;
}
