/** Where a command writes: results to `out`, everything about the way there to `err`. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  /** When `out` has more than the reader keeps up with: resolves once it has caught up, or went away. */
  drained?(): Promise<void> | undefined;
  /** True when standard error is a terminal that can be redrawn. */
  readonly interactive: boolean;
  readonly columns: number;
}

/** The process's own streams. A reader that went away (EPIPE) ends quietly. */
export function processOutput(): Output {
  process.stdout.on('error', ignoreBrokenPipe);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    drained: () => (process.stdout.writableNeedDrain && !process.stdout.destroyed ? caughtUp() : undefined),
    interactive: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    columns: process.stderr.columns || 80,
  };
}

function caughtUp(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'error']) process.stdout.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) process.stdout.on(event, done);
  });
}

function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Rows of text with aligned columns, two blanks between. */
export function table(rows: readonly (readonly string[])[]): string {
  if (rows.length < 2) return rows.map((row) => `${row.join('  ').trimEnd()}\n`).join('');
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}

/** Text from a hostile network, safe on a terminal: control characters, C1 and bidirectional controls are escaped. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
