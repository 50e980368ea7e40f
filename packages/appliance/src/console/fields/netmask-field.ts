import { err, ok, type Result } from '@picket/base/result';
import type { FieldKey, FieldView } from './field-key.ts';

const masks = 30;

/** A ring of the 30 masks from /1 to /30, without a cursor. UP makes the prefix longer, DOWN shorter. */
export interface NetmaskField {
  readonly kind: 'netmask';
  /** 1 to 30. */
  readonly prefix: number;
}

/** A field that opens with `prefix`; /24 when there is none that the ring holds. */
export function netmaskField(prefix: number | null): NetmaskField {
  return { kind: 'netmask', prefix: prefix !== null && prefix >= 1 && prefix <= masks ? prefix : 24 };
}

export function netmaskFieldKey(field: NetmaskField, key: FieldKey): Result<NetmaskField, string> {
  switch (key.type) {
    case 'turn':
      return ok({ ...field, prefix: ((field.prefix - 1 + key.steps + masks) % masks) + 1 });
    case 'char':
      return err('USE UP AND DOWN');
    case 'move':
    case 'clear':
    case 'erase':
      return ok(field);
  }
}

/** The prefix length as decimal text. */
export function netmaskFieldValue(field: NetmaskField): Result<string, string> {
  return ok(String(field.prefix));
}

export function netmaskFieldView(field: NetmaskField): FieldView {
  return { text: maskText(field.prefix), cursor: null };
}

/** A mask with leading zeros, `255.255.255.000`. */
export function maskText(prefix: number): string {
  return [0, 8, 16, 24]
    .map((bits) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - bits))))
    .map((octet) => String(octet).padStart(3, '0'))
    .join('.');
}
