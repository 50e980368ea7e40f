import { ownValue } from '@picket/base/own-value';
import { err, ok, type Result } from '@picket/base/result';

export type JqToken =
  | { readonly kind: 'number'; readonly value: number }
  /** Pieces of a string; a nested list is the tokens of an interpolation. */
  | { readonly kind: 'text'; readonly parts: readonly (string | readonly JqToken[])[] }
  /** `word`, `.word`, `$word` or `@word`, told apart by the first character. */
  | { readonly kind: 'word'; readonly value: string }
  | { readonly kind: 'sign'; readonly value: string };

/** Longest first. */
const signs = ['?//', '..', '//', '==', '!=', '<=', '>=', '.', '[', ']', '(', ')', '{', '}', '|', ',', ':', ';', '?'];
const operators = ['=', '<', '>', '+', '-', '*', '/', '%'];
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const word = /[.$@]?[A-Za-z_][A-Za-z0-9_]*/y;
const number = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?/y;
const deepestText = 16;

/** Splits a filter into tokens (jq manual, "Basic filters"). Total. */
export function tokenizeJq(source: string): Result<JqToken[], string> {
  try {
    return ok(new Lexer(source).tokens(null, 0));
  } catch (fault) {
    if (fault instanceof LexFault) return err(fault.message);
    throw fault;
  }
}

class LexFault extends Error {}

class Lexer {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Up to the end, or up to the bracket that closes an interpolation. */
  tokens(until: ')' | null, depth: number): JqToken[] {
    const tokens: JqToken[] = [];
    let open = 0;
    for (;;) {
      this.#skip();
      const character = this.#source.charAt(this.#at);
      if (character === '') {
        if (until !== null) throw new LexFault('an interpolation is not closed');
        return tokens;
      }
      if (character === until && open === 0) {
        this.#at += 1;
        return tokens;
      }
      if (character === '(') open += 1;
      if (character === ')') open -= 1;
      tokens.push(this.#token(character, depth));
    }
  }

  #token(character: string, depth: number): JqToken {
    if (character === '"') return this.#text(depth);
    const digits = this.#take(number);
    if (digits !== null) return { kind: 'number', value: Number(digits) };
    const name = this.#take(word);
    if (name !== null) return { kind: 'word', value: name };
    const sign = [...signs, ...operators].find((candidate) => this.#source.startsWith(candidate, this.#at));
    if (sign === undefined) throw new LexFault(`"${character}" is not part of a filter`);
    this.#at += sign.length;
    return { kind: 'sign', value: sign };
  }

  #text(depth: number): JqToken {
    if (depth > deepestText) throw new LexFault('strings nest too deeply');
    const parts: (string | JqToken[])[] = [];
    let literal = '';
    this.#at += 1;
    for (;;) {
      const character = this.#source.charAt(this.#at);
      this.#at += 1;
      if (character === '') throw new LexFault('a string is not closed');
      if (character === '"') return { kind: 'text', parts: [...parts, literal] };
      if (character !== '\\') {
        literal += character;
        continue;
      }
      const escaped = this.#source.charAt(this.#at);
      this.#at += 1;
      if (escaped === '(') {
        parts.push(literal, this.tokens(')', depth + 1));
        literal = '';
      } else literal += escaped === 'u' ? this.#unicode() : (ownValue(escapes, escaped) ?? escaped);
    }
  }

  #unicode(): string {
    const digits = this.#take(/[0-9a-fA-F]{4}/y);
    if (digits === null) throw new LexFault('\\u needs four hexadecimal digits');
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #skip(): void {
    this.#take(/(?:\s|#[^\n]*)+/y);
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }
}
