import { type ByteString, fromText, toText } from '../byte-string.ts';
import { evaluate } from '../dsl/evaluate.ts';
import type { DslNode } from '../dsl/parser.ts';
import { type DslAmbient, type DslScope, textOf } from '../dsl/value.ts';
import { type BytePattern, compilePattern } from '../regex.ts';
import { type JsonStep, parseJsonPath, readJsonPath } from './json-path.ts';
import { expression } from './matcher.ts';
import type { MapReader } from './reader.ts';

type Take =
  | { readonly type: 'regex'; readonly patterns: readonly BytePattern[]; readonly group: number }
  | { readonly type: 'kval'; readonly keys: readonly string[] }
  | { readonly type: 'json'; readonly paths: readonly (readonly JsonStep[])[]; readonly group: number }
  | { readonly type: 'dsl'; readonly expressions: readonly DslNode[] };

export interface Extractor {
  readonly name: string | null;
  readonly part: string;
  /** Feeds later requests; not shown as a result. */
  readonly internal: boolean;
  readonly take: Take;
}

/** More values than this are dropped: evidence has bounds. */
const mostValues = 100;
const types = ['regex', 'kval', 'json', 'dsl', 'xpath'] as const;

/** Reads one extractor. What is wrong or not supported goes to the reader's problems. */
export function compileExtractor(reader: MapReader, defaultPart: string): Extractor | null {
  const type = reader.choice(types, 'regex', 'type');
  const common = {
    name: reader.text('name') ?? null,
    part: (reader.text('part') ?? '') || defaultPart,
    internal: reader.flag('internal'),
  };
  const take = compileTake(reader, type, reader.integer('group') ?? 0, reader.flag('case-insensitive'));
  for (const key of ['regex', 'kval', 'json', 'dsl', 'xpath', 'attribute']) reader.node(key);
  reader.finish();
  return take && { ...common, take };
}

function compileTake(reader: MapReader, type: (typeof types)[number], group: number, ignoreCase: boolean): Take | null {
  switch (type) {
    case 'regex':
      return { type, patterns: reader.texts('regex').flatMap((source) => pattern(reader, source, ignoreCase)), group };
    case 'kval':
      return { type, keys: reader.texts('kval').map((key) => key.toLowerCase().replaceAll('-', '_')) };
    case 'json':
      return { type, paths: reader.texts('json').flatMap((source) => path(reader, source)), group };
    case 'dsl':
      return { type, expressions: reader.texts('dsl').flatMap((source) => expression(reader, 'dsl', source)) };
    case 'xpath':
      reader.unsupported('type', 'extractor:xpath', 'XPath extractors are not supported yet');
      return null;
  }
}

function pattern(reader: MapReader, source: string, ignoreCase: boolean): BytePattern[] {
  const compiled = compilePattern(fromText(source), { ignoreCase });
  if (typeof compiled !== 'string') return [compiled];
  reader.wrong('regex', `"${source.slice(0, 60)}" does not compile: ${compiled}`);
  return [];
}

function path(reader: MapReader, source: string): (readonly JsonStep[])[] {
  const steps = parseJsonPath(source);
  if (steps === null)
    reader.unsupported('json', 'extractor:jq', `"${source.slice(0, 60)}" is more than a simple jq path`);
  return steps === null ? [] : [steps];
}

/** What an extractor finds: distinct values in the order they appear. */
export function extractOne(extractor: Extractor, scope: DslScope, ambient: DslAmbient): readonly ByteString[] {
  return [...new Set(values(extractor, scope, ambient))].slice(0, mostValues);
}

function values(extractor: Extractor, scope: DslScope, ambient: DslAmbient): ByteString[] {
  const { take } = extractor;
  if (take.type === 'dsl') {
    return take.expressions.flatMap((node) => {
      const value = evaluate(node, scope, ambient);
      return value.ok ? [textOf(value.value)] : [];
    });
  }
  if (take.type === 'kval') {
    return take.keys.flatMap((key) => {
      const value = scope.get(key);
      return value === undefined || textOf(value) === '' || textOf(value) === '[]' ? [] : [textOf(value)];
    });
  }
  const corpus = scope.get(extractor.part);
  if (corpus === undefined) return [];
  if (take.type === 'json') return fromJson(take, textOf(corpus));
  return take.patterns.flatMap((item) =>
    item
      .matches(textOf(corpus), mostValues)
      .flatMap((groups) => (groups[take.group] === undefined ? [] : [groups[take.group] ?? ''])),
  );
}

function fromJson(take: Extract<Take, { type: 'json' }>, corpus: ByteString): ByteString[] {
  let document: unknown;
  try {
    document = JSON.parse(toText(corpus));
  } catch {
    return [];
  }
  return take.paths.flatMap((steps) => readJsonPath(document, steps, mostValues).map(fromText));
}
