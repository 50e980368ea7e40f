import { z } from 'zod';
import { refuse } from './http-error.ts';

/** Largest total that a list counts exactly. */
export const countLimit = 100_000;

/** Where a page ended: the sort values of its last row, its id last. Opaque to callers. */
export type CursorValue = string | number | boolean | null;

export function encodeCursor(sort: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([sort, ...values])).toString('base64url');
}

const cursorSchema = z.tuple([z.string()], z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** The values of a cursor of this sort order; null without a cursor. A cursor of another list or order is refused. */
export function decodeCursor(sort: string, length: number, cursor: string | undefined): readonly CursorValue[] | null {
  if (cursor === undefined) return null;
  try {
    const [from, ...values] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (from === sort && values.length === length) return values;
  } catch {
    // Falls through to the refusal.
  }
  throw refuse({
    status: 400,
    code: 'page.cursor-invalid',
    message: 'The cursor does not belong to this list in this order.',
    hint: 'Start again without a cursor.',
  });
}

/** Cuts the extra row that tells whether there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  total: number,
  shape: { readonly item: (row: Row) => Item; readonly cursor: (row: Row) => string },
): { items: Item[]; nextCursor: string | null; total: number } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(shape.item),
    nextCursor: rows.length > limit && last !== undefined ? shape.cursor(last) : null,
    total,
  };
}

/** A LIKE pattern for "contains", with the pattern's own signs taken literally. */
export function containsPattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}
