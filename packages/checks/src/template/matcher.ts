import { type ByteString, fromHex, fromText } from '../byte-string.ts';
import { evaluate } from '../dsl/evaluate.ts';
import { dslFunctions } from '../dsl/function-table.ts';
import { type DslNode, namesIn } from '../dsl/parser.ts';
import { type DslAmbient, type DslScope, textOf } from '../dsl/value.ts';
import { type BytePattern, compilePattern } from '../regex.ts';
import { compilePath, isAt, type PagePath } from './page-path.ts';
import type { MapReader } from './reader.ts';
import { compileExpression, compileText, namesOfText, renderText, type TemplateText } from './text.ts';

type Test =
  | { readonly type: 'word'; readonly words: readonly TemplateText[]; readonly ignoreCase: boolean }
  | { readonly type: 'regex'; readonly patterns: readonly (BytePattern | TemplateText)[]; readonly ignoreCase: boolean }
  | { readonly type: 'binary'; readonly bytes: readonly ByteString[] }
  | { readonly type: 'xpath'; readonly paths: readonly PagePath[] }
  | { readonly type: 'status' | 'size'; readonly numbers: readonly number[] }
  | { readonly type: 'dsl'; readonly expressions: readonly DslNode[] };

export interface Matcher {
  readonly name: string | null;
  /** Name of the variable that is looked at. */
  readonly part: string;
  readonly all: boolean;
  readonly negative: boolean;
  /** Only steers a flow; never a result. */
  readonly internal: boolean;
  readonly test: Test;
}

const types = ['word', 'regex', 'binary', 'status', 'size', 'dsl', 'xpath'] as const;

/** What an operator looks at; a part of a call back makes the template need one. */
export function partOf(reader: MapReader, defaultPart: string): string {
  const part = (reader.text('part') ?? '') || defaultPart;
  if (part.startsWith('interactsh')) reader.uses.add('oast');
  return part;
}

/** Reads one matcher. What is wrong or not supported goes to the reader's problems. */
export function compileMatcher(reader: MapReader, defaultPart: string): Matcher {
  const type = reader.choice(types, 'word', 'type');
  const ignoreCase = reader.flag('case-insensitive');
  const hexWords = reader.choice(['', 'hex'], '', 'encoding') === 'hex';
  reader.flag('match-all');
  const common = {
    name: reader.text('name') ?? null,
    part: partOf(reader, defaultPart),
    all: reader.choice(['and', 'or'], 'or', 'condition') === 'and',
    negative: reader.flag('negative'),
    internal: reader.flag('internal'),
  };
  const test = compileTest(reader, type, { ignoreCase, hexWords });
  for (const key of ['words', 'regex', 'binary', 'status', 'size', 'dsl', 'xpath']) reader.node(key);
  reader.finish();
  return { ...common, test };
}

function compileTest(
  reader: MapReader,
  type: (typeof types)[number],
  how: { ignoreCase: boolean; hexWords: boolean },
): Test {
  switch (type) {
    case 'word':
      return compileWords(reader, how);
    case 'regex':
      return {
        type,
        patterns: filled(reader, 'regex').flatMap((source) => pattern(reader, source, how.ignoreCase)),
        ignoreCase: how.ignoreCase,
      };
    case 'binary':
      return { type, bytes: filled(reader, 'binary').flatMap((source) => hex(reader, 'binary', source)) };
    case 'status':
    case 'size':
      return { type, numbers: filled(reader, type).flatMap((text) => number(reader, type, text)) };
    case 'dsl':
      return { type, expressions: filled(reader, 'dsl').flatMap((source) => expression(reader, 'dsl', source)) };
    case 'xpath':
      return { type, paths: filled(reader, 'xpath').flatMap((source) => compilePath(reader, source)) };
  }
}

function filled(reader: MapReader, key: string): string[] {
  const texts = reader.texts(key === 'word' ? 'words' : key);
  if (texts.length === 0) reader.wrong(key, 'it is empty');
  return texts;
}

function compileWords(reader: MapReader, how: { ignoreCase: boolean; hexWords: boolean }): Test {
  const words = filled(reader, 'word').flatMap((source): TemplateText[] => {
    // As the format's own runtime has it: what is no hexadecimal is taken as it is written.
    if (how.hexWords) return [{ literal: fromHex(source) ?? fromText(source) }];
    const text = compileText(source);
    checkNames(reader, 'words', namesOfText(text));
    return [text];
  });
  return { type: 'word', words, ignoreCase: how.ignoreCase };
}

function pattern(reader: MapReader, source: string, ignoreCase: boolean): (BytePattern | TemplateText)[] {
  const text = compileText(source);
  if ('node' in text) {
    checkNames(reader, 'regex', namesOfText(text));
    return [text];
  }
  const compiled = compilePattern(fromText(source), { ignoreCase });
  if (typeof compiled !== 'string') return [compiled];
  reader.wrong('regex', `"${source.slice(0, 60)}" does not compile: ${compiled}`);
  return [];
}

function hex(reader: MapReader, key: string, source: string): ByteString[] {
  const bytes = fromHex(source);
  if (bytes === null) reader.wrong(key, `"${source.slice(0, 40)}" is not hexadecimal`);
  return bytes === null ? [] : [bytes];
}

function number(reader: MapReader, key: string, text: string): number[] {
  if (/^[0-9]{1,12}$/.test(text.trim())) return [Number(text)];
  reader.wrong(key, `"${text.slice(0, 40)}" is not a number`);
  return [];
}

/** Compiles an expression and reports functions that are not there. */
export function expression(reader: MapReader, key: string, source: string): DslNode[] {
  const node = compileExpression(source);
  if (!node.ok) {
    reader.wrong(key, `"${source.slice(0, 60)}": ${node.error}`);
    return [];
  }
  checkNames(reader, key, namesIn(node.value));
  return [node.value];
}

/** Reports functions and variables that this runtime does not have. */
export function checkNames(
  reader: MapReader,
  key: string,
  names: { variables: Set<string>; functions: Set<string> },
): void {
  for (const name of names.functions) {
    if (!dslFunctions.has(name))
      reader.unsupported(key, `function:${name.slice(0, 40)}`, `the function ${name.slice(0, 40)} is not supported`);
    if (name === 'jarm') reader.uses.add('jarm');
  }
  for (const name of names.variables) {
    if (name.startsWith('interactsh')) reader.uses.add('oast');
  }
}

/** Whether a matcher holds. A variable that is not there never matches, whether the matcher is negative or not. */
export function matchOne(matcher: Matcher, scope: DslScope, ambient: DslAmbient): boolean {
  const holds = tests(matcher, scope, ambient);
  if (holds === null || holds.length === 0) return false;
  const matched = matcher.all ? holds.every((hold) => hold) : holds.some((hold) => hold);
  return matched !== matcher.negative;
}

function tests(matcher: Matcher, scope: DslScope, ambient: DslAmbient): boolean[] | null {
  const { test } = matcher;
  if (test.type === 'dsl') return expressions(test.expressions, scope, ambient);
  if (test.type === 'status') {
    const status = scope.get('status_code');
    return typeof status === 'number' ? [test.numbers.includes(status)] : null;
  }
  const value = scope.get(matcher.part);
  if (value === undefined) return null;
  const corpus = textOf(value);
  switch (test.type) {
    case 'size':
      return [test.numbers.includes(corpus.length)];
    case 'binary':
      return test.bytes.map((bytes) => corpus.includes(bytes));
    case 'xpath':
      return test.paths.map((path) => isAt(path, corpus));
    case 'word':
      return words(test, corpus, scope, ambient);
    case 'regex':
      return test.patterns.map((item) => {
        const compiled = 'test' in item ? item : rendered(item, test.ignoreCase, scope, ambient);
        return compiled?.test(corpus) ?? false;
      });
  }
}

function expressions(nodes: readonly DslNode[], scope: DslScope, ambient: DslAmbient): boolean[] | null {
  const values = nodes.map((node) => evaluate(node, scope, ambient));
  // An expression that cannot be evaluated counts as false, but a negative matcher must not turn that into a match.
  if (values.every((value) => !value.ok)) return null;
  return values.map((value) => value.ok && value.value === true);
}

function words(
  test: Extract<Test, { type: 'word' }>,
  corpus: ByteString,
  scope: DslScope,
  ambient: DslAmbient,
): boolean[] {
  const haystack = test.ignoreCase ? corpus.toLowerCase() : corpus;
  return test.words.map((word) => {
    const needle = renderText(word, scope, ambient);
    return 'text' in needle && haystack.includes(test.ignoreCase ? needle.text.toLowerCase() : needle.text);
  });
}

function rendered(source: TemplateText, ignoreCase: boolean, scope: DslScope, ambient: DslAmbient): BytePattern | null {
  const text = renderText(source, scope, ambient);
  if (!('text' in text)) return null;
  const compiled = compilePattern(text.text, { ignoreCase });
  return typeof compiled === 'string' ? null : compiled;
}
