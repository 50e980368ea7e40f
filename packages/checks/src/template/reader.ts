import { isList, isMap, type YamlMap, type YamlNode } from '../yaml-tree.ts';

/** Why a template cannot be run as written. */
export interface TemplateProblem {
  /** `syntax`: the template is wrong. `unsupported`: it is right, but this runtime lacks something. */
  readonly kind: 'syntax' | 'unsupported';
  /** Where: `http[0].matchers[1].type`. */
  readonly path: string;
  /** Stable short word for counting: `field:race`, `function:jarm`, `protocol:headless`, `value`. */
  readonly what: string;
  readonly message: string;
}

/** Text of a helper file of the pack that a template belongs to, by its path; null when there is no such file. */
export type PackFiles = (path: string) => string | null;

/**
 * What a template has to do with beyond the scanned port: a place to call back to, the TLS fingerprint of the port, or servers that it
 * names itself.
 */
export type RuntimeNeed = 'oast' | 'jarm' | 'own-place';

/** What the readers of one template share. */
export interface ReaderSource {
  readonly problems: TemplateProblem[];
  readonly files: PackFiles;
  readonly uses: Set<RuntimeNeed>;
}

/**
 * Reads one map of a template. Every key that nobody asked for is reported by `finish`, so that nothing is dropped in
 * silence. Keys are asked for in all spellings that the format has.
 */
export class MapReader {
  readonly path: string;
  readonly problems: TemplateProblem[];
  readonly files: PackFiles;
  /** What the template as a whole needs of the runtime; shared by all its readers. */
  readonly uses: Set<RuntimeNeed>;
  readonly #map: YamlMap;
  readonly #seen = new Set<string>();

  constructor(node: YamlNode | undefined, path: string, source: ReaderSource) {
    this.path = path;
    this.problems = source.problems;
    this.files = source.files;
    this.uses = source.uses;
    this.#map = isMap(node) ? node : {};
    if (node !== undefined && node !== '' && !isMap(node)) this.wrong('', 'it must be a map');
  }

  /** The node under the first of `keys` that is there. */
  node(...keys: string[]): YamlNode | undefined {
    for (const key of keys) this.#seen.add(key);
    const key = keys.find((candidate) => Object.hasOwn(this.#map, candidate));
    return key === undefined ? undefined : this.#map[key];
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#map, key);
  }

  keys(): string[] {
    return Object.keys(this.#map);
  }

  text(...keys: string[]): string | undefined {
    const node = this.node(...keys);
    if (node === undefined || typeof node === 'string') return node;
    this.wrong(keys[0] ?? '', 'it must be a text');
    return undefined;
  }

  /** A list of texts; one text is a list of one. */
  texts(...keys: string[]): string[] {
    const node = this.node(...keys);
    if (node === undefined || node === '') return [];
    if (typeof node === 'string') return [node];
    if (isList(node) && node.every((item) => typeof item === 'string'))
      return node.filter((item) => typeof item === 'string');
    this.wrong(keys[0] ?? '', 'it must be a list of texts');
    return [];
  }

  /** A list of maps. */
  items(...keys: string[]): MapReader[] {
    const node = this.node(...keys);
    if (node === undefined || node === '') return [];
    if (isList(node)) return node.map((item, index) => new MapReader(item, this.at(`${keys[0]}[${index}]`), this));
    this.wrong(keys[0] ?? '', 'it must be a list');
    return [];
  }

  flag(...keys: string[]): boolean {
    const text = this.text(...keys);
    if (text === undefined || text === '') return false;
    if (/^(true|yes|on|false|no|off)$/i.test(text)) return /^(true|yes|on)$/i.test(text);
    this.wrong(keys[0] ?? '', 'it must be true or false');
    return false;
  }

  integer(...keys: string[]): number | undefined {
    const text = this.text(...keys);
    if (text === undefined || text === '') return undefined;
    if (/^-?[0-9]{1,15}$/.test(text)) return Number(text);
    this.wrong(keys[0] ?? '', 'it must be a whole number');
    return undefined;
  }

  choice<T extends string>(values: readonly T[], fallback: T, ...keys: string[]): T {
    const text = this.text(...keys)
      ?.trim()
      .toLowerCase();
    if (text === undefined || text === '') return fallback;
    const found = values.find((value) => value === text);
    if (found === undefined) this.wrong(keys[0] ?? '', `"${text.slice(0, 40)}" is none of ${values.join(', ')}`);
    return found ?? fallback;
  }

  at(key: string): string {
    return this.path === '' ? key : key === '' ? this.path : `${this.path}.${key}`;
  }

  wrong(key: string, message: string): void {
    this.problems.push({ kind: 'syntax', path: this.at(key), what: 'value', message: `${this.at(key)}: ${message}.` });
  }

  unsupported(key: string, what: string, message: string): void {
    this.problems.push({ kind: 'unsupported', path: this.at(key), what, message: `${this.at(key)}: ${message}.` });
  }

  /** Reports every key that was not asked for. */
  finish(): void {
    for (const key of Object.keys(this.#map)) {
      if (!this.#seen.has(key)) this.unsupported(key, `field:${key.slice(0, 40)}`, 'this field is not supported');
    }
  }
}
