import { err, ok, type Result } from '@picket/base/result';
import type { FieldKey, FieldView } from './field-key.ts';

/** A number of a fixed count of digits, leading zeros written. */
export interface DigitsField {
  readonly kind: 'digits';
  readonly digits: string;
  /** 0 to the count of digits; the last is behind them, where typing ends. */
  readonly cursor: number;
  readonly min: number;
  readonly max: number;
}

export function digitsField(value: number, count: number, min: number, max: number): DigitsField {
  return { kind: 'digits', digits: String(value).padStart(count, '0'), cursor: 0, min, max };
}

export function digitsFieldKey(field: DigitsField, key: FieldKey): Result<DigitsField, string> {
  const count = field.digits.length;
  const at = Math.min(field.cursor, count - 1);
  const put = (index: number, digit: string, cursor: number): DigitsField => ({
    ...field,
    digits: `${field.digits.slice(0, index)}${digit}${field.digits.slice(index + 1)}`,
    cursor,
  });
  switch (key.type) {
    case 'turn':
      return ok(put(at, String((Number(field.digits[at]) + key.steps + 10) % 10), at));
    case 'move':
      return ok({ ...field, cursor: Math.min(count - 1, Math.max(0, field.cursor + key.steps)) });
    case 'clear':
      return ok({ ...field, digits: '0'.repeat(count), cursor: 0 });
    case 'erase':
      return ok(field.cursor === 0 ? field : put(field.cursor - 1, '0', field.cursor - 1));
    case 'char':
      if (!/^[0-9]$/.test(key.char)) return err('NOT IN THIS FIELD');
      return field.cursor >= count ? err('FIELD IS FULL') : ok(put(field.cursor, key.char, field.cursor + 1));
  }
}

/** The number without leading zeros. */
export function digitsFieldValue(field: DigitsField): Result<string, string> {
  const value = Number(field.digits);
  if (value < field.min || value > field.max) return err(`MUST BE ${field.min}-${field.max}`);
  return ok(String(value));
}

export function digitsFieldView(field: DigitsField): FieldView {
  return { text: field.digits, cursor: field.cursor };
}
