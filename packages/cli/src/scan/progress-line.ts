import type { Clock } from '@picket/base/clock';
import { formatDuration } from '../terminal/duration.ts';
import type { Output } from '../terminal/output.ts';
import { countFindings, openPorts, type ScanResult } from './scan-result.ts';
import { findingsText } from './summary.ts';

/** One line that says how far a run is. On a terminal it is redrawn in place, elsewhere written every 10 seconds. */
export class ProgressLine {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #started: number;
  #last = Number.NEGATIVE_INFINITY;
  #shown = false;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
    this.#started = clock.monotonic();
  }

  /** Shows the state, unless it was shown just now. */
  update(result: ScanResult): void {
    const now = this.#clock.monotonic();
    if (now - this.#last < (this.#output.interactive ? 200 : 10_000)) return;
    this.#last = now;
    const line = progressText(result, now - this.#started);
    if (!this.#output.interactive) this.#output.err(`${line}\n`);
    else {
      this.#output.err(`\r\u001b[K${line.slice(0, this.#output.columns - 1)}`);
      this.#shown = true;
    }
  }

  /** Writes a line that stays, above the progress line. */
  print(line: string): void {
    this.clear();
    this.#output.err(`${line}\n`);
  }

  clear(): void {
    if (this.#shown) this.#output.err('\r\u001b[K');
    this.#shown = false;
  }
}

/** `12 s  discovery 3/4  ports 10/12  8 hosts, 40 open  1,900/s  2 high`. */
export function progressText(result: ScanResult, elapsedMs: number): string {
  const phases = [...result.units].map(([phase, units]) => `${phase} ${units.ended}/${units.started}`);
  let open = 0;
  for (const host of result.hosts.values()) open += openPorts(host).length;
  const rate = result.stats ? [`${Math.round(result.stats.rate)}/s`] : [];
  return [
    formatDuration(elapsedMs),
    ...phases,
    `${result.hosts.size} hosts, ${open} open`,
    ...rate,
    findingsText(countFindings(result)),
  ].join('  ');
}
