/** How a cell looks: plain, bold, reverse, or a piece of a line (`char` is then `-`, `|` or `+`, what plain terminals show). */
export type CellStyle = 'plain' | 'bold' | 'reverse' | 'line';

/** One place of a terminal; `char` is printable ASCII. */
export interface Cell {
  readonly char: string;
  readonly style: CellStyle;
}

/** What a terminal should show: rows of cells, all of one width, and where its cursor is (null: hidden). */
export interface CellGrid {
  readonly width: number;
  readonly rows: readonly (readonly Cell[])[];
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

const blank: Cell = { char: ' ', style: 'plain' };

/** A grid that is being filled. Text outside is cut off. */
export class Canvas {
  readonly #rows: Cell[][];
  readonly #width: number;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#rows = Array.from({ length: height }, () => Array.from({ length: width }, () => blank));
  }

  /** Writes ASCII `text` from a place on, at most `limit` characters. */
  put(row: number, column: number, text: string, options: { style?: CellStyle; limit?: number } = {}): void {
    const line = this.#rows[row];
    if (line === undefined) return;
    const end = Math.min(this.#width, column + Math.min(text.length, options.limit ?? text.length));
    for (let at = Math.max(0, column); at < end; at += 1) {
      line[at] = { char: printable(text[at - column] ?? ' '), style: options.style ?? 'plain' };
    }
  }

  grid(cursor: CellGrid['cursor']): CellGrid {
    return { width: this.#width, rows: this.#rows, cursor };
  }
}

/** The characters of a grid, one line a row; for tests and for people. */
export function gridText(grid: CellGrid): string {
  return grid.rows
    .map((row) =>
      row
        .map(({ char }) => char)
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and messages come from outside: nothing but printable ASCII reaches a terminal. */
function printable(char: string): string {
  return /^[ -~]$/.test(char) ? char : '?';
}
