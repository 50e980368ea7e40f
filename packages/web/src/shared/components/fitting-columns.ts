/** What of a column decides whether it has room. */
export interface Fit {
  /** CSS grid track; its first length in pixels is the least that it takes. */
  readonly width: string;
  /** Can be left out: `first` before all others. */
  readonly wide?: boolean | 'first';
}

/** Pixels between columns, and beside the first and the last. */
const gap = 12;

/** Below this width only columns that are not `wide` are shown, pixels. */
const narrowWidth = 760;

/**
 * The columns that have room in `width` pixels, beside `fixed` pixels that are taken anyway. `wide` ones go first, `first` among them before the
 * others, from the right to the left; then the rest from the right, but never the two that begin a row. What is left out stands in the row's panel
 * or page: cut off at the edge it would be neither read nor missed.
 */
export function fittingColumns<T extends Fit>(columns: readonly T[], width: number, fixed = 0): readonly T[] {
  const isNarrow = width < narrowWidth;
  let shown = isNarrow ? columns.filter((column) => !column.wide) : columns;
  const order = [
    ...columns.filter((column) => column.wide === 'first').toReversed(),
    ...columns.filter((column) => column.wide === true).toReversed(),
    ...columns.slice(2).toReversed(),
  ];
  for (const column of order) {
    if (leastWidth(shown) + fixed <= width) break;
    shown = shown.filter((one) => one !== column);
  }
  return shown;
}

function leastWidth(columns: readonly Fit[]): number {
  return columns.reduce((sum, column) => sum + leastOf(column.width), gap * (columns.length + 1));
}

function leastOf(track: string): number {
  return Number(/(\d+)px/.exec(track)?.[1] ?? 0);
}
