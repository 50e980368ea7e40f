/** What an entry field understands. `clear` is LEFT and RIGHT pressed together; `erase` is a keyboard's backspace. */
export type FieldKey =
  | { readonly type: 'turn'; readonly steps: 1 | -1 }
  | { readonly type: 'move'; readonly steps: 1 | -1 }
  | { readonly type: 'clear' }
  | { readonly type: 'erase' }
  | { readonly type: 'char'; readonly char: string };

/** How a field looks: `text` is its window of at most 16 characters, `cursor` a column of that window (16: right behind it). */
export interface FieldView {
  readonly text: string;
  readonly cursor: number | null;
}

/** The entry window of every field, characters. */
export const windowWidth = 16;
