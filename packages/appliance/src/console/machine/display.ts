import { displayWidth, type Face, textWidth } from '../screens/face.ts';
import type { Key } from './console-event.ts';
import type { ConsoleState } from './console-state.ts';
import { faceOf } from './step.ts';

/** The two lines as every renderer shows them. */
export interface Display {
  /** Exactly 20 ASCII characters each. */
  readonly lines: readonly [string, string];
  /** Column of the cursor in the second line, or none. */
  readonly cursor: number | null;
  readonly help: string;
  readonly detail: string;
  readonly leds: Leds;
}

/** S1: a scan runs. S2: a software update is in progress. S3 is not used. */
export interface Leds {
  readonly s1: boolean;
  readonly s2: boolean;
  readonly s3: boolean;
}

/** What is shown in a state. */
export function displayOf(state: ConsoleState): Display {
  const face = faceOf(state);
  const second = face.corner
    ? `${fit(face.lines[1], textWidth)} ${fit(face.corner, 3)}`
    : fit(face.lines[1], displayWidth);
  return {
    lines: [firstLine(face), second],
    cursor: face.cursor ?? null,
    help: face.help,
    detail: ascii(face.detail ?? ''),
    leds: ledsOf(state),
  };
}

/** Columns 17 to 20 of the first line say which keys do something: `<` LEFT, `^` UP, `v` DOWN or `|` both, `>` RIGHT, `*` ENTER. */
export function indicators(keys: readonly Key[]): string {
  const has = (key: Key) => keys.includes(key);
  const vertical = has('up') ? (has('down') ? '|' : '^') : has('down') ? 'v' : ' ';
  return `${has('left') ? '<' : ' '}${vertical}${has('right') ? '>' : ' '}${has('enter') ? '*' : ' '}`;
}

function firstLine(face: Face): string {
  const shown = indicators(keysOf(face));
  // Where LEFT does nothing, a text of 17 characters has its place.
  const width = shown.startsWith(' ') ? textWidth + 1 : textWidth;
  return `${fit(face.lines[0], width)}${shown.slice(width - textWidth)}`;
}

function keysOf(face: Face): Key[] {
  return (['up', 'down', 'left', 'right', 'enter'] as const).filter((key) => face.on[key] !== undefined);
}

function ledsOf({ screen, status }: ConsoleState): Leds {
  if (screen.kind === 'halting' || status === null) return { s1: false, s2: false, s3: false };
  return { s1: status.scans.some((scan) => scan.state === 'running'), s2: status.updating, s3: false };
}

function fit(text: string, width: number): string {
  return ascii(text).slice(0, width).padEnd(width);
}

/** Names and messages come from outside: nothing but printable ASCII reaches a terminal or a panel. */
function ascii(text: string): string {
  return text.replace(/[^ -~]/g, '?');
}
