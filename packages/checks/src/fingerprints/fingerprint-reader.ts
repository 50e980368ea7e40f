import { ownValue } from '@picket/base/own-value';
import { err, ok, type Result } from '@picket/base/result';
import type {
  Fingerprint,
  FingerprintExample,
  FingerprintFile,
  FingerprintFileError,
  FingerprintParam,
  FingerprintProblem,
} from './fingerprint-file.ts';

type Attributes = Readonly<Record<string, string>>;
type Draft = { -readonly [K in keyof Fingerprint]: Fingerprint[K] } & {
  params: FingerprintParam[];
  examples: FingerprintExample[];
};

/** Where each element may stand. */
const parents: Readonly<Record<string, string>> = {
  fingerprints: '',
  fingerprint: 'fingerprints',
  description: 'fingerprint',
  example: 'fingerprint',
  param: 'fingerprint',
};

const known: Readonly<Record<string, readonly string[]>> = {
  fingerprints: ['matches', 'protocol', 'database_type', 'preference'],
  fingerprint: ['pattern', 'flags', 'certainty'],
  description: [],
  param: ['pos', 'name', 'value'],
};

/** Ruby knows two options here: what POSIX names "multi-line" is its dot-all. */
const flagMeaning: Readonly<Record<string, 'ignoreCase' | 'dotAll'>> = {
  REG_ICASE: 'ignoreCase',
  IGNORECASE: 'ignoreCase',
  REG_DOT_NEWLINE: 'dotAll',
  REG_MULTILINE: 'dotAll',
  REG_LINE_ANY_CRLF: 'dotAll',
};

/** Builds a `FingerprintFile` from the parser's events. Holds state only while one file is read. */
export class FingerprintReader {
  readonly #source: string;
  readonly #keepExamples: boolean;
  readonly #problems: FingerprintProblem[] = [];
  readonly #fingerprints: Fingerprint[] = [];
  readonly #path: string[] = [];
  #root: Attributes | null = null;
  #draft: Draft | null = null;
  #text = '';
  #exampleAttributes: Attributes = {};
  /** Depth of an element that is not understood; its content is skipped. */
  #skipFrom = 0;

  constructor(source: string, keepExamples: boolean) {
    this.#source = source;
    this.#keepExamples = keepExamples;
  }

  open(name: string, attributes: Attributes, line: number): void {
    const parent = this.#path.at(-1) ?? '';
    this.#path.push(name);
    if (this.#skipFrom > 0) return;
    if (ownValue(parents, name) !== parent) {
      this.#problem(line, `The element <${name}> is not known here; it and its content are ignored.`);
      this.#skipFrom = this.#path.length;
      return;
    }
    this.#text = '';
    this.#checkAttributes(name, attributes, line);
    if (name === 'fingerprints') this.#root = attributes;
    else if (name === 'fingerprint') this.#draft = this.#start(attributes, line);
    else if (name === 'example') this.#exampleAttributes = attributes;
    else if (name === 'param') this.#param(attributes, line);
  }

  text(text: string): void {
    if (this.#skipFrom === 0) this.#text += text;
  }

  close(name: string, line: number): void {
    const depth = this.#path.length;
    this.#path.pop();
    if (this.#skipFrom > 0) {
      if (depth === this.#skipFrom) this.#skipFrom = 0;
      return;
    }
    if (name === 'description' && this.#draft) this.#draft.description = this.#text.trim().replace(/\s+/g, ' ');
    else if (name === 'example') this.#example();
    else if (name === 'fingerprint') this.#end(line);
    this.#text = '';
  }

  finish(): Result<FingerprintFile, FingerprintFileError> {
    const root = this.#root;
    if (root === null) return err({ source: this.#source, message: 'The root element is not <fingerprints>.' });
    const preference = Number(root.preference ?? '0.1');
    const baseName = this.#source.replace(/^.*[/\\]/, '').replace(/\.xml$/, '');
    return ok({
      source: this.#source,
      database: root.matches ?? baseName,
      protocol: root.protocol ?? null,
      preference: Number.isFinite(preference) ? preference : 0.1,
      fingerprints: this.#fingerprints,
      problems: this.#problems,
    });
  }

  #start(attributes: Attributes, line: number): Draft {
    const draft: Draft = {
      description: '',
      pattern: attributes.pattern ?? '',
      ignoreCase: false,
      dotAll: false,
      params: [],
      examples: [],
    };
    for (const flag of (attributes.flags ?? '').split(/[\s,|]+/).filter((item) => item !== '')) {
      const meaning = ownValue(flagMeaning, flag);
      if (meaning) draft[meaning] = true;
      else this.#problem(line, `The flag "${flag}" is not known; it is ignored.`);
    }
    return draft;
  }

  #param(attributes: Attributes, line: number): void {
    const pos = Number(attributes.pos);
    const name = attributes.name ?? '';
    if (name === '' || !Number.isInteger(pos) || pos < 0 || pos > 99) {
      this.#problem(line, 'A <param> needs a name and a pos from 0 to 99; it is ignored.');
      return;
    }
    if (pos === 0 && attributes.value === undefined) {
      this.#problem(line, `The <param> "${name}" has pos 0 but no value; it is ignored.`);
      return;
    }
    this.#draft?.params.push({ name, pos, value: attributes.value ?? '' });
  }

  #example(): void {
    if (!this.#keepExamples || !this.#draft) return;
    const { _encoding: encoding, _filename: fileName, ...expected } = this.#exampleAttributes;
    this.#draft.examples.push({
      text: this.#text,
      encoding: encoding === 'base64' ? 'base64' : 'text',
      fileName: fileName ?? null,
      expected,
    });
  }

  #end(line: number): void {
    const draft = this.#draft;
    this.#draft = null;
    if (!draft) return;
    if (draft.pattern === '')
      this.#problem(line, `The fingerprint "${draft.description}" has no pattern; it is ignored.`);
    else this.#fingerprints.push(draft);
  }

  #checkAttributes(name: string, attributes: Attributes, line: number): void {
    if (name === 'example') {
      const encoding = attributes._encoding;
      if (encoding !== undefined && encoding !== 'base64') {
        this.#problem(line, `The example encoding "${encoding}" is not known; its text is taken as it is.`);
      }
      return;
    }
    for (const attribute of Object.keys(attributes)) {
      if (!ownValue(known, name)?.includes(attribute)) {
        this.#problem(line, `The attribute "${attribute}" of <${name}> is not known; it is ignored.`);
      }
    }
  }

  #problem(line: number, message: string): void {
    if (this.#problems.length >= 1000) return;
    this.#problems.push({ source: this.#source, line, item: this.#draft?.description ?? '', message });
  }
}
