import type { ByteString } from '../byte-string.ts';
import { LayeredScope } from '../dsl/layered-scope.ts';
import type { DslAmbient, DslScope } from '../dsl/value.ts';
import { compileExtractor, type Extractor, extractOne } from './extractor.ts';
import { compileMatcher, type Matcher, matchOne } from './matcher.ts';
import type { MapReader } from './reader.ts';

/** The matchers and extractors of one request block. */
export interface Operators {
  readonly matchers: readonly Matcher[];
  /** All matchers must hold (`matchers-condition: and`). */
  readonly all: boolean;
  readonly extractors: readonly Extractor[];
}

export interface OperatorResult {
  readonly matched: boolean;
  /** Names of the matchers that hold; empty when none has a name. */
  readonly names: readonly string[];
  /** Values to show. */
  readonly extracted: readonly ByteString[];
  /** What extractors with a name show, by that name: a workflow hands it on. */
  readonly shown: ReadonlyMap<string, readonly ByteString[]>;
  /** Values for later requests of the same check, by extractor name; each list has at least one. */
  readonly dynamic: ReadonlyMap<string, readonly ByteString[]>;
}

export function compileOperators(reader: MapReader, defaultPart: string): Operators {
  return {
    matchers: reader.items('matchers').map((item) => compileMatcher(item, defaultPart)),
    all: reader.choice(['and', 'or'], 'or', 'matchers-condition') === 'and',
    extractors: reader.items('extractors').map((item) => compileExtractor(item, defaultPart)),
  };
}

/** The matchers of a condition that stands before requests; null: it has none. One of them is enough unless the operator says `and`. */
export function compileCondition(reader: MapReader, key: string): Operators | null {
  const all = reader.choice(['and', 'or'], 'or', `${key}-operator`) === 'and';
  const matchers = reader.items(key).map((item) => compileMatcher(item, 'body'));
  return matchers.length === 0 ? null : { matchers, all, extractors: [] };
}

const nothing: ReadonlyMap<string, readonly ByteString[]> = new Map();

/**
 * Extracts first (matchers may use what was extracted), then matches. A block without matchers matches when a visible
 * extractor found something.
 */
export function applyOperators(operators: Operators, scope: DslScope, ambient: DslAmbient): OperatorResult {
  if (operators.extractors.length === 0)
    return { ...match(operators, scope, ambient, false), extracted: [], shown: nothing, dynamic: nothing };
  const found = new Map<string, ByteString>();
  const grown = new LayeredScope(scope, found);
  const dynamic = new Map<string, readonly ByteString[]>();
  const shown = new Map<string, readonly ByteString[]>();
  const extracted: ByteString[] = [];
  for (const extractor of operators.extractors) {
    const values = extractOne(extractor, grown, ambient);
    const first = values[0];
    if (first !== undefined && extractor.name !== null) {
      dynamic.set(extractor.name, values);
      found.set(extractor.name, first);
    }
    if (extractor.internal) continue;
    extracted.push(...values);
    if (first !== undefined && extractor.name !== null) shown.set(extractor.name, values);
  }
  const { matched, names } = match(operators, grown, ambient, extracted.length > 0);
  return { matched, names, extracted, shown, dynamic };
}

function match(
  operators: Operators,
  scope: DslScope,
  ambient: DslAmbient,
  hasExtracted: boolean,
): { matched: boolean; names: string[] } {
  if (operators.matchers.length === 0) return { matched: hasExtracted, names: [] };
  const holding = operators.matchers.filter((matcher) => matchOne(matcher, scope, ambient));
  const matched = operators.all ? holding.length === operators.matchers.length : holding.length > 0;
  return { matched, names: holding.flatMap((matcher) => matcher.name ?? []) };
}
