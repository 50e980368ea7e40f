import type { Log } from '@picket/base/log';
import { printable } from '../terminal/output.ts';

/** Templates that are named on the terminal; the rest is counted. */
const shown = 4;

/** Keeps why items of content are not used, out of what the engine logs while it opens; everything is logged as well. */
export class RefusedContent {
  readonly #reasons = new Map<string, string>();

  /** `log` with an ear on it. */
  hear(log: Log): Log {
    return {
      write: (level, event, fields) => {
        if (event === 'content.item-refused') this.#keep(String(fields?.file ?? ''), String(fields?.message ?? ''));
        log.write(level, event, fields);
      },
      with: (fields) => this.hear(log.with(fields)),
    };
  }

  /** The first reason of a file says enough. */
  #keep(file: string, message: string): void {
    if (!this.#reasons.has(file)) this.#reasons.set(file, message);
  }

  /** What a person is told: how many files of content are not run, and of the first ones why; nothing when all are used. */
  lines(): string[] {
    const files = [...this.#reasons];
    if (files.length === 0) return [];
    const named = files.slice(0, shown).map(([file, message]) => `  ${printable(file)}: ${printable(message)}`);
    const more = files.length - named.length;
    const rest = more > 0 ? [`  and ${more} more; "picket content coverage DIR" lists all of a folder`] : [];
    return [`content that is not run in this scan: ${files.length} files`, ...named, ...rest];
  }
}
