import type { RE2JS } from 're2js';
import type { Fingerprint, FingerprintFile, FingerprintProblem } from './fingerprint-file.ts';
import { fillFields } from './fill-fields.ts';
import { requiredLiteral } from './required-literal.ts';
import { compileRubyPattern } from './ruby-pattern.ts';

/** What a fingerprint says about a text. */
export interface FingerprintMatch {
  readonly database: string;
  readonly description: string;
  /** Fields by recog's names: `service.vendor`, `service.product`, `service.version`, `service.cpe23`, `os.*`, `hw.*`, … */
  readonly fields: Readonly<Record<string, string>>;
}

/** Longest text that is judged; banners are short, pages are not. */
const maxJudgedLength = 16_384;

interface Entry {
  readonly fingerprint: Fingerprint;
  readonly database: string;
  readonly protocol: string | null;
  /** Set on first need; null for a pattern that does not compile. */
  regex?: RE2JS | null;
  literal?: string;
}

/**
 * Fingerprints of any number of files, asked by database. First match wins, in the order of the files given and of the
 * fingerprints in them. Patterns are compiled when a text that holds their required literal first comes by.
 */
export class FingerprintDb {
  readonly #entries = new Map<string, Entry[]>();
  readonly #problems: FingerprintProblem[] = [];

  constructor(files: readonly FingerprintFile[]) {
    const ordered = [...files].sort((a, b) => b.preference - a.preference);
    for (const file of ordered) {
      this.#problems.push(...file.problems);
      const list = this.#entries.get(file.database) ?? [];
      this.#entries.set(file.database, list);
      for (const fingerprint of file.fingerprints) {
        list.push({ fingerprint, database: file.database, protocol: file.protocol });
      }
    }
  }

  /** Names of the databases that have at least one fingerprint. */
  get databases(): readonly string[] {
    return [...this.#entries.keys()];
  }

  get size(): number {
    let size = 0;
    for (const list of this.#entries.values()) size += list.length;
    return size;
  }

  /** What was not understood in the files, and patterns that did not compile so far. */
  get problems(): readonly FingerprintProblem[] {
    return this.#problems;
  }

  /** The first fingerprint of `database` that matches, with its fields; null when none does or there is no such database. */
  match(database: string, text: string): FingerprintMatch | null {
    const judged = text.length > maxJudgedLength ? text.slice(0, maxJudgedLength) : text;
    const lower = judged.toLowerCase();
    for (const entry of this.#entries.get(database) ?? []) {
      entry.literal ??= requiredLiteral(entry.fingerprint.pattern);
      if (entry.literal !== '' && !lower.includes(entry.literal)) continue;
      const fields = this.#apply(entry, judged);
      if (fields) return { database, description: entry.fingerprint.description, fields };
    }
    return null;
  }

  #apply(entry: Entry, text: string): Record<string, string> | null {
    if (entry.regex === undefined) entry.regex = this.#compile(entry);
    if (entry.regex === null) return null;
    const matcher = entry.regex.matcher(text);
    if (!matcher.find()) return null;
    const groups: (string | null)[] = [];
    for (let index = 0; index <= matcher.groupCount(); index += 1) groups.push(matcher.group(index) ?? null);
    return fillFields(entry.fingerprint.params, groups, entry.protocol);
  }

  #compile(entry: Entry): RE2JS | null {
    const compiled = compileRubyPattern(entry.fingerprint.pattern, entry.fingerprint);
    if (compiled.ok) return compiled.value;
    this.#problems.push({
      source: entry.database,
      line: 0,
      item: entry.fingerprint.description,
      message: `The pattern does not compile and never matches: ${compiled.error}`,
    });
    return null;
  }
}
