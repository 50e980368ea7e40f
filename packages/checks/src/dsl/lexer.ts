import { ownValue } from '@picket/base/own-value';
import { err, ok, type Result } from '@picket/base/result';

export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'operator'; readonly value: string }
  | { readonly kind: 'end' };

/** Longest first, so that `<=` is not read as `<`. */
const operators = [
  '&&',
  '||',
  '??',
  '==',
  '!=',
  '<=',
  '>=',
  '=~',
  '!~',
  '<<',
  '>>',
  '**',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '~',
  '!',
  '?',
  ':',
  '(',
  ')',
  ',',
];

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Words of govaluate's grammar. Names may hold letters, digits, `_` and dots; `[any name]` reads a variable too. */
export function tokenize(source: string): Result<Token[], string> {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const character = source.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const read = readToken(source, at);
    if (!read.ok) return read;
    tokens.push(read.value.token);
    at = read.value.next;
  }
  tokens.push({ kind: 'end' });
  return ok(tokens);
}

type Read = Result<{ token: Token; next: number }, string>;

function readToken(source: string, at: number): Read {
  const character = source.charAt(at);
  if (character === '"' || character === "'") return readString(source, at, character);
  if (character === '[') {
    const end = source.indexOf(']', at);
    if (end < 0) return err('a "[" is not closed');
    return ok({ token: { kind: 'name', value: source.slice(at + 1, end) }, next: end + 1 });
  }
  const number = matchAt(/0x[0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?/y, source, at);
  if (number !== null) return ok({ token: { kind: 'number', value: Number(number) }, next: at + number.length });
  const name = matchAt(/[\p{L}_][\p{L}\p{N}_.]*/uy, source, at);
  if (name !== null) return ok({ token: { kind: 'name', value: name }, next: at + name.length });
  const operator = operators.find((candidate) => source.startsWith(candidate, at));
  if (operator !== undefined) return ok({ token: { kind: 'operator', value: operator }, next: at + operator.length });
  return err(`"${character}" at position ${at + 1} is not part of an expression`);
}

function matchAt(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

function readString(source: string, start: number, quote: string): Read {
  let value = '';
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === quote) return ok({ token: { kind: 'string', value }, next: at + 1 });
    if (character === '\\') {
      at += 1;
      const escaped = source.charAt(at);
      value += ownValue(escapes, escaped) ?? escaped;
    } else {
      value += character;
    }
  }
  return err(`the text that starts at position ${start + 1} is not closed`);
}
