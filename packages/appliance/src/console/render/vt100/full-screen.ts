import type { ConsoleState } from '../../machine/console-state.ts';
import { type Display, displayOf } from '../../machine/display.ts';
import { type CellGrid, Canvas } from '../cell-grid.ts';
import { doctorLines } from './doctor-panel.ts';
import { statusLines } from './status-panel.ts';

/** The terminal that every serial line is taken for. */
export const fullSize = { width: 80, height: 24 } as const;

/** Where the two-line display stands inside its frame. */
const display = { row: 2, column: 2 } as const;
const panels = { row: 10, split: 44 } as const;

/**
 * All that a terminal of 80 x 24 shows: the two-line display in a frame with the key help, the LEDs, and below them status and network
 * doctor. What a key changes is kept to few cells: a serial line carries 870 characters a second. The last column stays free: some
 * terminals wrap there.
 */
export function fullScreen(state: ConsoleState): CellGrid {
  const shown = displayOf(state);
  const canvas = new Canvas(fullSize.width, fullSize.height);
  drawTitle(canvas, state);
  drawDisplay(canvas, shown);
  drawAlarm(canvas, state);
  drawPanels(canvas, state);
  const cursor = shown.cursor === null ? null : { row: display.row + 1, column: display.column + shown.cursor };
  return canvas.grid(cursor);
}

/** The network port's hardware address, as the title names it. */
export function macOf(state: ConsoleState): string {
  const { ports } = state.status ?? { ports: [] };
  return (ports.find((each) => each.port === 'lan') ?? ports[0])?.mac ?? 'MAC unknown';
}

function drawTitle(canvas: Canvas, state: ConsoleState): void {
  const left = ` Picket appliance  ${state.status?.name ?? ''}`.slice(0, 50);
  const title = `${left.padEnd(fullSize.width - 20)}${macOf(state).padStart(18)} `;
  canvas.put(0, 0, title.slice(0, fullSize.width - 1), { style: 'reverse' });
}

function drawDisplay(canvas: Canvas, shown: Display): void {
  const edge = `+${'-'.repeat(shown.lines[0].length)}+`;
  const left = display.column - 1;
  canvas.put(display.row - 1, left, edge, { style: 'line' });
  for (const [index, line] of shown.lines.entries()) {
    canvas.put(display.row + index, left, '|', { style: 'line' });
    canvas.put(display.row + index, display.column, line, { style: 'bold' });
    canvas.put(display.row + index, display.column + line.length, '|', { style: 'line' });
  }
  canvas.put(display.row + 2, left, edge, { style: 'line' });
  const led = (lit: boolean) => (lit ? '[*]' : '[ ]');
  canvas.put(display.row - 1, 27, `S1 ${led(shown.leds.s1)} scan running     Keys: < ^ v > are the arrows,`);
  canvas.put(display.row, 27, `S2 ${led(shown.leds.s2)} software update  | is UP and DOWN, * is ENTER.`);
  canvas.put(display.row + 1, 27, `S3 ${led(shown.leds.s3)}`);
  canvas.put(display.row + 3, 1, shown.help, { limit: fullSize.width - 2 });
  canvas.put(display.row + 4, 1, shown.detail, { limit: fullSize.width - 2 });
}

/** What is wrong, in words: it stays while menus are used, so that no key has to draw it. */
function drawAlarm(canvas: Canvas, { status }: ConsoleState): void {
  const error = status?.error ?? null;
  const text = error === null ? '' : `${error.eCode === '' ? '' : `(${error.eCode}) `}${error.message} ${error.hint}`;
  for (const [index, line] of wrapped(text, fullSize.width - 2)
    .slice(0, 2)
    .entries())
    canvas.put(7 + index, 1, line);
}

function drawPanels(canvas: Canvas, state: ConsoleState): void {
  const { row, split } = panels;
  canvas.put(row - 1, 0, '-'.repeat(fullSize.width - 1), { style: 'line' });
  canvas.put(row - 1, 2, ' Status ');
  canvas.put(row - 1, split + 1, ' Network doctor ');
  for (const [index, line] of statusLines(state).entries()) canvas.put(row + index, 1, line, { limit: split - 2 });
  for (const [index, line] of doctorLines(state).entries()) {
    canvas.put(row + index, split, line, { limit: fullSize.width - split - 1 });
  }
}

/** Lines broken at spaces. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (let rest = text.trim(); rest !== ''; ) {
    const space = rest.length <= width ? rest.length : rest.lastIndexOf(' ', width);
    const cut = space <= 0 ? width : space;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trim();
  }
  return lines;
}
