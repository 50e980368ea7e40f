import { ownValue } from '@picket/base/own-value';
import type { Cell, CellGrid, CellStyle } from '../cell-grid.ts';

/** Lines as the terminal's own graphics (VT100 "special graphics" in G1), or as `-`, `|` and `+` where a console can't. */
export type LineDrawing = 'graphics' | 'ascii';

const esc = '\u001b';
const shiftOut = '\u000e';
const shiftIn = '\u000f';
/** Unchanged cells up to this count are written again rather than jumped over: a jump takes six to eight bytes. */
const bridge = 6;

/**
 * Puts any terminal of the VT100 family into a known state and clears it: G0 ASCII, G1 graphics, no attributes, no automatic wrap, whole
 * scrolling region, absolute origin, cursor keys that send `ESC [ A`.
 */
export const resetTerminal = `${esc}(B${esc})0${shiftIn}${esc}[m${esc}[?7l${esc}[r${esc}[?6l${esc}[?1l${esc}>${esc}[2J`;

/** Leaves the terminal to whoever comes next. */
export const leaveTerminal = `${shiftIn}${esc}[m${esc}[?7h${esc}[?25h${esc}[2J${esc}[H`;

/** The bytes (all ASCII) that turn a terminal showing `before` into one showing `after`; null: nothing is known of it. */
export function paint(before: CellGrid | null, after: CellGrid, lines: LineDrawing): string {
  const pen = new Pen(lines);
  const known = before !== null && before.width === after.width && before.rows.length === after.rows.length;
  for (const [row, cells] of after.rows.entries()) paintRow(pen, row, known ? before.rows[row] : undefined, cells);
  pen.style('plain');
  const cursorBefore = known ? before.cursor : undefined;
  return `${known ? '' : resetTerminal}${pen.bytes}${placeCursor(cursorBefore, after.cursor, pen.moved)}`;
}

function placeCursor(before: CellGrid['cursor'] | undefined, after: CellGrid['cursor'], moved: boolean): string {
  if (after === null) return before === null ? '' : `${esc}[?25l`;
  const shown = before === undefined || before === null ? `${esc}[?25h` : '';
  const stays = !moved && before?.row === after.row && before.column === after.column;
  return stays ? shown : `${moveTo(after.row, after.column)}${shown}`;
}

function paintRow(pen: Pen, row: number, before: readonly Cell[] | undefined, after: readonly Cell[]): void {
  const old = (column: number): Cell => before?.[column] ?? blank;
  const differs = (column: number) => !same(old(column), after[column] ?? blank);
  const end = lastUsed(after) + 1;
  let column = 0;
  while (column < end) {
    if (!differs(column)) {
      column += 1;
      continue;
    }
    const stop = runEnd(column, end, differs);
    pen.moveTo(row, column);
    for (; column < stop; column += 1) pen.write(after[column] ?? blank);
  }
  const rest = Array.from({ length: after.length - end }, (_, index) => end + index).filter(differs);
  if (rest.length > 0) pen.clearFrom(row, end);
}

/** Where a run of changed cells ends, short stretches of unchanged ones included. */
function runEnd(start: number, end: number, differs: (column: number) => boolean): number {
  let stop = start + 1;
  for (let column = stop; column < end && column - stop <= bridge; column += 1) if (differs(column)) stop = column + 1;
  return stop;
}

function lastUsed(cells: readonly Cell[]): number {
  return cells.findLastIndex((cell) => !same(cell, blank));
}

const blank: Cell = { char: ' ', style: 'plain' };

function same(one: Cell, other: Cell): boolean {
  return one.char === other.char && one.style === other.style;
}

function moveTo(row: number, column: number): string {
  return `${esc}[${row + 1};${column + 1}H`;
}

const styleCodes = { plain: `${esc}[m`, bold: `${esc}[m${esc}[1m`, reverse: `${esc}[m${esc}[7m` } as const;
const graphics: Readonly<Record<string, string>> = { '-': 'q', '|': 'x', '+': 'n' };

/** Writes cells, and knows where the terminal's cursor and attributes are. */
class Pen {
  bytes = '';
  moved = false;
  readonly #lines: LineDrawing;
  #row = -1;
  #column = -1;
  #style: Exclude<CellStyle, 'line'> = 'plain';
  #graphics = false;

  constructor(lines: LineDrawing) {
    this.#lines = lines;
  }

  moveTo(row: number, column: number): void {
    if (row === this.#row && column === this.#column) return;
    this.bytes += moveTo(row, column);
    this.moved = true;
    this.#row = row;
    this.#column = column;
  }

  write(cell: Cell): void {
    this.style(cell.style);
    this.bytes += this.#graphics ? (ownValue(graphics, cell.char) ?? cell.char) : cell.char;
    this.moved = true;
    this.#column += 1;
  }

  clearFrom(row: number, column: number): void {
    this.style('plain');
    this.moveTo(row, column);
    this.bytes += `${esc}[K`;
  }

  style(style: CellStyle): void {
    const drawing = style === 'line' && this.#lines === 'graphics';
    if (drawing !== this.#graphics) this.bytes += drawing ? shiftOut : shiftIn;
    this.#graphics = drawing;
    const wanted = style === 'line' ? 'plain' : style;
    if (wanted !== this.#style) this.bytes += styleCodes[wanted];
    this.#style = wanted;
  }
}
