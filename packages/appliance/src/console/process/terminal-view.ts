import type { ConsoleState } from '../machine/console-state.ts';
import type { CellGrid } from '../render/cell-grid.ts';
import { fullScreen, fullSize } from '../render/vt100/full-screen.ts';
import { type LineDrawing, leaveTerminal, paint } from '../render/vt100/paint.ts';

/** Where a view writes; a tty, or a buffer in tests. `write` returns false while the line is busy. */
export interface TerminalOutput {
  write(bytes: string): boolean;
  /** Calls back once the line can take more. */
  onceDrained(then: () => void): void;
  /** Columns and rows; zeros where the terminal does not tell, as on a serial line. */
  size(): { readonly columns: number; readonly rows: number };
}

/** Keeps a terminal at what the console shows. On a slow line pictures in between are left out, never queued. */
export class TerminalView {
  readonly #output: TerminalOutput;
  readonly #lines: LineDrawing;
  #shown: CellGrid | null = null;
  #wanted: CellGrid | null = null;
  #busy = false;

  constructor(output: TerminalOutput, lines: LineDrawing) {
    this.#output = output;
    this.#lines = lines;
  }

  show(state: ConsoleState): void {
    this.#wanted = cropped(fullScreen(state), this.#output.size());
    this.#flush();
  }

  /** The terminal may show anything: paint it whole. */
  redraw(state: ConsoleState): void {
    this.#shown = null;
    this.show(state);
  }

  leave(): void {
    this.#output.write(leaveTerminal);
  }

  #flush(): void {
    if (this.#busy || this.#wanted === null) return;
    const bytes = paint(this.#shown, this.#wanted, this.#lines);
    this.#shown = this.#wanted;
    if (bytes === '' || this.#output.write(bytes)) return;
    this.#busy = true;
    this.#output.onceDrained(() => {
      this.#busy = false;
      this.#flush();
    });
  }
}

/** A smaller terminal shows the upper left corner, where the display stands. 0 x 0 is taken as 80 x 24. */
function cropped(grid: CellGrid, { columns, rows }: { columns: number; rows: number }): CellGrid {
  const width = Math.min(columns > 0 ? columns : fullSize.width, grid.width);
  const height = Math.min(rows > 0 ? rows : fullSize.height, grid.rows.length);
  return { ...grid, width, rows: grid.rows.slice(0, height).map((row) => row.slice(0, width)) };
}
