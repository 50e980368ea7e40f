import { err, ok, type Result } from '@picket/base/result';
import { type FieldKey, type FieldView, windowWidth } from './field-key.ts';
import { type Alphabet, ringOf, turn } from './ring.ts';

/** What a text field takes and how it shows it. */
export interface TextFieldSpec {
  readonly alphabet: Alphabet;
  /** Most characters. */
  readonly length: number;
  /** A proxy password: embedded spaces count, and all but the character under the cursor is shown as `*`. */
  readonly secret: boolean;
  /** What the finished value must be; the error is a short sentence in capitals. Blank values come here too. */
  readonly check: (value: string) => Result<string, string>;
}

/** A line of cells with a cursor; unused cells hold spaces. */
export interface TextField {
  readonly kind: 'text';
  readonly spec: TextFieldSpec;
  /** Exactly `spec.length` characters. */
  readonly cells: string;
  /** 0 to `spec.length`; the last is behind the last cell, where typing ends. */
  readonly cursor: number;
  /** Where the wheel stands at the cursor; null until it was turned. */
  readonly place: number | null;
  /** First cell of the window. */
  readonly start: number;
  /** A stored secret that nothing has touched yet: ENTER keeps it. */
  readonly stored: boolean;
}

/** Value of a secret field whose stored secret is kept. Not a possible value: no field takes this character. */
export const keepStored = '\u0000';

export function textField(spec: TextFieldSpec, value: string, stored = false): TextField {
  const cells = value.slice(0, spec.length).padEnd(spec.length);
  return { kind: 'text', spec, cells, cursor: 0, place: null, start: 0, stored };
}

/** The field after a key, or why it refuses a typed character. */
export function textFieldKey(field: TextField, key: FieldKey): Result<TextField, string> {
  const own = field.stored ? { ...textField(field.spec, ''), stored: key.type === 'move' } : field;
  switch (key.type) {
    case 'turn':
      return ok(turned(own, key.steps));
    case 'move':
      return ok(moved(own, key.steps));
    case 'clear':
      return ok(textField(field.spec, ''));
    case 'erase':
      return ok(erased(own));
    case 'char':
      return typed(own, key.char);
  }
}

/** The value as it is stored, or what is wrong with it. */
export function textFieldValue(field: TextField): Result<string, string> {
  if (field.stored) return ok(keepStored);
  const { cells, spec } = field;
  return spec.check(spec.secret ? cells.replace(/^ +/, '').trimEnd() : cells.replaceAll(' ', ''));
}

export function textFieldView(field: TextField): FieldView {
  const { cells, cursor, start, spec, stored } = field;
  if (stored) return { text: '*'.repeat(8), cursor: 0 };
  const shown = spec.secret ? masked(cells, cursor) : cells;
  return { text: shown.slice(start, start + windowWidth), cursor: cursor - start };
}

function masked(cells: string, cursor: number): string {
  const end = cells.trimEnd().length;
  return [...cells].map((char, index) => (index === cursor || index >= end ? char : '*')).join('');
}

function turned(field: TextField, steps: 1 | -1): TextField {
  const ring = ringOf(field.spec.alphabet);
  const at = Math.min(field.cursor, field.spec.length - 1);
  const place = turn(ring, at === field.cursor ? field.place : null, field.cells[at] ?? ' ', steps);
  return showing({ ...field, cells: replaced(field.cells, at, ring[place] ?? ' '), cursor: at, place }, at);
}

function moved(field: TextField, steps: 1 | -1): TextField {
  const cursor = Math.min(field.spec.length - 1, Math.max(0, field.cursor + steps));
  return showing({ ...field, cursor, place: null }, cursor);
}

/** Takes away the character before the cursor and closes up, as a keyboard's backspace does. */
function erased(field: TextField): TextField {
  if (field.cursor === 0) return field;
  const cursor = field.cursor - 1;
  const cells = `${field.cells.slice(0, cursor)}${field.cells.slice(cursor + 1)} `;
  return showing({ ...field, cells, cursor, place: null }, cursor);
}

function typed(field: TextField, char: string): Result<TextField, string> {
  const { spec, cursor } = field;
  if (!ringOf(spec.alphabet).includes(char)) return err('NOT IN THIS FIELD');
  if (cursor >= spec.length) return err('FIELD IS FULL');
  const cells = replaced(field.cells, cursor, char);
  return ok(showing({ ...field, cells, cursor: cursor + 1, place: null }, cursor));
}

function replaced(cells: string, at: number, char: string): string {
  return `${cells.slice(0, at)}${char}${cells.slice(at + 1)}`;
}

/** Scrolls just so far that cell `at` is in the window. */
function showing(field: TextField, at: number): TextField {
  const start = Math.min(Math.max(field.start, at - windowWidth + 1), at);
  return { ...field, start };
}
