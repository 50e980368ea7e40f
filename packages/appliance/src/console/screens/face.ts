import type { Key } from '../machine/console-event.ts';
import type { Step } from '../machine/console-state.ts';

/** Columns of the text before the key indicators of the first line. */
export const textWidth = 16;
/** Columns of the display. */
export const displayWidth = 20;

/** What a screen shows and does. A key does something on it exactly when it stands in `on`; the indicators are made from that. */
export interface Face {
  /** First line: at most 16 characters; second line: at most 20, 16 with a `corner`. */
  readonly lines: readonly [string, string];
  readonly on: Partial<Readonly<Record<Key, () => Step>>>;
  /** Column of the cursor in the second line. */
  readonly cursor?: number | null;
  /** Lower right corner, at most 3 characters. */
  readonly corner?: string;
  /** Key help in words, for terminals; the arrows are said by the indicators. */
  readonly help: string;
  /** The long form of a message, for terminals. */
  readonly detail?: string | null;
}

/** A label over the two lines, broken at a space. What does not fit is cut at the end. */
export function labelLines(text: string): readonly [string, string] {
  const first = text.length <= textWidth ? text.length : text.lastIndexOf(' ', textWidth);
  const cut = first <= 0 ? textWidth : first;
  return [text.slice(0, cut), text.slice(cut).trim().slice(0, displayWidth)];
}
