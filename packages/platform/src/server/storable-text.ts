import { Stream } from 'node:stream';
import type { FieldFault } from './http-error.ts';
import { refuse } from './http-error.ts';

/** Depth of a value that is looked through; JSON of a request that is deeper is refused. */
const deepest = 64;

/**
 * Refuses text that no database keeps and no document can hold: a NUL character, or half of a character (a lone surrogate). What is
 * neither text nor made of JSON passes.
 */
export function requireStorable(where: 'body' | 'querystring' | 'params', value: unknown): void {
  const fault = findFault(value, '', 0);
  if (fault === null) return;
  throw refuse({
    status: 400,
    code: 'request.invalid',
    message: `The request's ${where} has a fault: ${fault.field || where} ${fault.message}.`,
    hint: 'Mend the named field; /api/docs describes each of them.',
    errors: [fault],
  });
}

function findFault(value: unknown, field: string, depth: number): FieldFault | null {
  if (typeof value === 'string') return textFault(value, field);
  if (!isJsonObject(value)) return null;
  if (depth >= deepest) return { field: field.slice(0, 128), message: 'is nested too deeply' };
  for (const [key, one] of Object.entries(value)) {
    const fault = textFault(key, field) ?? findFault(one, field === '' ? key : `${field}.${key}`, depth + 1);
    if (fault) return fault;
  }
  return null;
}

/** An object or list; not a body that is bytes or still comes. */
function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !(value instanceof Stream);
}

function textFault(text: string, field: string): FieldFault | null {
  if (text.includes('\0')) return { field, message: 'holds a NUL character, which no text can' };
  return text.isWellFormed() ? null : { field, message: 'holds half a character (a lone UTF-16 surrogate)' };
}
