import { createHash } from 'node:crypto';
import {
  closeSync,
  globSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckHeader } from '../check.ts';
import type { SignatureState } from '../signature.ts';
import type { TemplateProblem } from '../template/reader.ts';
import type { YamlMap } from '../yaml-tree.ts';

/** How a file was when it was compiled. */
export interface FileState {
  readonly size: number;
  /** Milliseconds since the Unix epoch. */
  readonly mtimeMs: number;
}

/** What is remembered of one template: its header, or why it can't be run. */
export interface CachedTemplate {
  readonly state: FileState;
  readonly header: CheckHeader | null;
  readonly problems: readonly TemplateProblem[];
  readonly signature: SignatureState;
  /** Files of the pack that it names, as they were; null: the file was not there. */
  readonly files: readonly (readonly [path: string, state: FileState | null])[];
  /** Where its tree lies in the file of trees, bytes, and its digest. */
  readonly at: number;
  readonly length: number;
  readonly digest: string;
}

/**
 * What compiling the templates of a folder gave the last time, on disk: an index (headers and problems) and the trees that programs
 * are made of. Bound to this very compiler, and checked by a digest: whatever does not fit is no cache, and the folder is compiled.
 */
export class TemplateCache {
  readonly #directory: string;
  readonly #name: string;
  readonly #old: ReadonlyMap<string, CachedTemplate>;
  readonly #next = new Map<string, CachedTemplate>();
  readonly #trees: string[] = [];
  #changed = false;

  /** `directory`: where caches lie; `folder`: whose templates these are. */
  constructor(directory: string, folder: string) {
    this.#directory = directory;
    this.#name = createHash('sha256').update(`${compiler()}\0${folder}`).digest('hex').slice(0, 32);
    this.#old = readIndex(join(directory, `${this.#name}.index`));
  }

  /** What is known of a file if it is still as it was, and so are the files that it names. */
  get(path: string, state: FileState, stateOf: (path: string) => FileState | null): CachedTemplate | null {
    const known = this.#old.get(path);
    if (known === undefined || !same(known.state, state)) return null;
    return known.files.every(([file, was]) => same(was, stateOf(file))) ? known : null;
  }

  /** A function that reads a template's tree from the disk; null when another process has written the cache anew meanwhile. */
  treeOf(template: CachedTemplate): () => YamlMap | null {
    const file = join(this.#directory, `${this.#name}.trees`);
    return () => {
      try {
        const text = readPart(file, template);
        return digest(text) === template.digest ? (JSON.parse(text) as YamlMap) : null;
      } catch {
        return null;
      }
    };
  }

  /** Keeps what compiling gave; `text` is the tree as `treeText` writes it. */
  add(path: string, template: Omit<CachedTemplate, 'at' | 'length'>, text: string): void {
    const length = Buffer.byteLength(text);
    this.#trees.push(text);
    this.#next.set(path, { ...template, at: 0, length });
    this.#changed = true;
  }

  /** Keeps what was known as it is. */
  keep(path: string, template: CachedTemplate): void {
    this.#next.set(path, template);
  }

  /**
   * Writes the cache if something changed. What was kept is copied over from the old one; a cache that can't be written is no harm,
   * and the reason is given back.
   */
  write(): string | null {
    if (!this.#changed && this.#next.size === this.#old.size) return null;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      this.#writeFiles();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #writeFiles(): void {
    const trees = join(this.#directory, `${this.#name}.trees`);
    const parts: string[] = [];
    // Offsets are given here, because kept trees and new ones lie in the order of the index.
    let at = 0;
    let fresh = 0;
    const entries: [string, CachedTemplate][] = [];
    for (const [path, template] of this.#next) {
      const text = this.#old.get(path) === template ? readPart(trees, template) : (this.#trees[fresh++] ?? '');
      parts.push(text);
      entries.push([path, { ...template, at }]);
      at += template.length;
    }
    replace(trees, parts.join(''));
    const body = JSON.stringify(entries);
    replace(join(this.#directory, `${this.#name}.index`), `${digest(body)}\n${body}`);
  }
}

function readIndex(file: string): ReadonlyMap<string, CachedTemplate> {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    // Written by this very compiler, and whole: the digest says so.
    return text.slice(0, end) === digest(body) ? new Map(JSON.parse(body) as [string, CachedTemplate][]) : new Map();
  } catch {
    return new Map();
  }
}

/** A tree as it is kept; null: the template can't be run. */
export const treeText = (tree: YamlMap | null): string => JSON.stringify(tree);

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function readPart(path: string, { at, length }: Pick<CachedTemplate, 'at' | 'length'>): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, at));
  } finally {
    closeSync(file);
  }
}

function replace(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function same(a: FileState | null, b: FileState | null): boolean {
  return a === null || b === null ? a === b : a.size === b.size && a.mtimeMs === b.mtimeMs;
}

let known: string | undefined;

/** A digest of the compiler's own sources (JavaScript in a release): a cache of another one is worth nothing. */
function compiler(): string {
  if (known !== undefined) return known;
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const hash = createHash('sha256');
  for (const file of globSync('**/*.{ts,js}', { cwd: folder }).sort()) {
    if (!file.endsWith('.test.ts')) hash.update(`${file}\0`).update(readFileSync(join(folder, file)));
  }
  known = hash.digest('hex');
  return known;
}
