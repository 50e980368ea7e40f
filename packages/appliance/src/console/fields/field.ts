import type { Result } from '@picket/base/result';
import { type DigitsField, digitsFieldKey, digitsFieldValue, digitsFieldView } from './digits-field.ts';
import type { FieldKey, FieldView } from './field-key.ts';
import { type Ipv4Field, ipv4FieldKey, ipv4FieldValue, ipv4FieldView } from './ipv4-field.ts';
import { type NetmaskField, netmaskFieldKey, netmaskFieldValue, netmaskFieldView } from './netmask-field.ts';
import { type TextField, textFieldKey, textFieldValue, textFieldView } from './text-field.ts';

/** An open entry field of any kind. */
export type Field = TextField | Ipv4Field | NetmaskField | DigitsField;

/** The field after a key; an error is a short text in capitals that says why a typed character is refused. */
export function fieldKey(field: Field, key: FieldKey): Result<Field, string> {
  switch (field.kind) {
    case 'text':
      return textFieldKey(field, key);
    case 'ipv4':
      return ipv4FieldKey(field, key);
    case 'netmask':
      return netmaskFieldKey(field, key);
    case 'digits':
      return digitsFieldKey(field, key);
  }
}

/** The value as it would be stored, or what is wrong with it, as a short text in capitals. */
export function fieldValue(field: Field): Result<string, string> {
  switch (field.kind) {
    case 'text':
      return textFieldValue(field);
    case 'ipv4':
      return ipv4FieldValue(field);
    case 'netmask':
      return netmaskFieldValue(field);
    case 'digits':
      return digitsFieldValue(field);
  }
}

export function fieldView(field: Field): FieldView {
  switch (field.kind) {
    case 'text':
      return textFieldView(field);
    case 'ipv4':
      return ipv4FieldView(field);
    case 'netmask':
      return netmaskFieldView(field);
    case 'digits':
      return digitsFieldView(field);
  }
}
