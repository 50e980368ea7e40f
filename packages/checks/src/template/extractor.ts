import { type ByteString, fromText, toText } from '../byte-string.ts';
import { evaluate } from '../dsl/evaluate.ts';
import type { DslNode } from '../dsl/parser.ts';
import { type DslAmbient, type DslScope, textOf } from '../dsl/value.ts';
import { type BytePattern, compilePattern } from '../regex.ts';
import { runJq } from '../jq/evaluate.ts';
import type { JqNode } from '../jq/node.ts';
import { parseJq } from '../jq/parser.ts';
import { type JqValue, textOfValue } from '../jq/value.ts';
import { expression, partOf } from './matcher.ts';
import { compilePath, type PagePath, textsAt } from './page-path.ts';
import type { MapReader } from './reader.ts';

type Take =
  | { readonly type: 'regex'; readonly patterns: readonly BytePattern[]; readonly group: number }
  | { readonly type: 'kval'; readonly keys: readonly string[] }
  | { readonly type: 'json'; readonly filters: readonly JqNode[] }
  | { readonly type: 'xpath'; readonly paths: readonly PagePath[]; readonly attribute: string | null }
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
export function compileExtractor(reader: MapReader, defaultPart: string): Extractor {
  const type = reader.choice(types, 'regex', 'type');
  const common = {
    name: reader.text('name') ?? null,
    part: partOf(reader, defaultPart),
    internal: reader.flag('internal'),
  };
  const take = compileTake(reader, type, reader.integer('group') ?? 0, reader.flag('case-insensitive'));
  for (const key of ['regex', 'kval', 'json', 'dsl', 'xpath', 'attribute']) reader.node(key);
  reader.finish();
  return { ...common, take };
}

function compileTake(reader: MapReader, type: (typeof types)[number], group: number, ignoreCase: boolean): Take {
  switch (type) {
    case 'regex':
      return { type, patterns: reader.texts('regex').flatMap((source) => pattern(reader, source, ignoreCase)), group };
    case 'kval':
      return { type, keys: reader.texts('kval').map((key) => key.toLowerCase().replaceAll('-', '_')) };
    case 'json':
      return { type, filters: reader.texts('json').flatMap((source) => filter(reader, source)) };
    case 'dsl':
      return { type, expressions: reader.texts('dsl').flatMap((source) => expression(reader, 'dsl', source)) };
    case 'xpath':
      return {
        type,
        paths: reader.texts('xpath').flatMap((source) => compilePath(reader, source)),
        attribute: reader.text('attribute') || null,
      };
  }
}

function pattern(reader: MapReader, source: string, ignoreCase: boolean): BytePattern[] {
  const compiled = compilePattern(fromText(source), { ignoreCase });
  if (typeof compiled !== 'string') return [compiled];
  reader.wrong('regex', `"${source.slice(0, 60)}" does not compile: ${compiled}`);
  return [];
}

function filter(reader: MapReader, source: string): JqNode[] {
  const parsed = parseJq(source);
  if (!parsed.ok) reader.unsupported('json', 'extractor:jq', `"${source.slice(0, 60)}": ${parsed.error}`);
  return parsed.ok ? [parsed.value] : [];
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
      // As in the format's own runtime, an empty text is nothing found.
      return value.ok && textOf(value.value) !== '' ? [textOf(value.value)] : [];
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
  if (take.type === 'xpath')
    return take.paths.flatMap((path) => textsAt(path, textOf(corpus), take.attribute)).slice(0, mostValues);
  return take.patterns.flatMap((item) =>
    item
      .matches(textOf(corpus), mostValues)
      .flatMap((groups) => (groups[take.group] === undefined ? [] : [groups[take.group] ?? ''])),
  );
}

function fromJson(take: Extract<Take, { type: 'json' }>, corpus: ByteString): ByteString[] {
  let document: JqValue;
  try {
    document = JSON.parse(toText(corpus));
  } catch {
    return [];
  }
  return take.filters.flatMap((node) =>
    runJq(node, document, mostValues).flatMap((value) => (value === null ? [] : [fromText(textOfValue(value))])),
  );
}
