import { err, ok, type Result } from '@picket/base/result';
import { jqFunctions } from './function-table.ts';
import { type JqToken, tokenizeJq } from './lexer.ts';
import type { JqNode } from './node.ts';
import { textFormats } from './text-formats.ts';

const limits = { characters: 16_384, depth: 100, nodes: 4000 } as const;

/** Binary operators by rising strength (jq manual, "Operators"); `pipe` and `,` stand below them. */
const levels: readonly { readonly operators: readonly string[]; readonly rightFirst?: boolean }[] = [
  { operators: ['//'], rightFirst: true },
  { operators: ['or'] },
  { operators: ['and'] },
  { operators: ['==', '!=', '<', '<=', '>', '>='] },
  { operators: ['+', '-'] },
  { operators: ['*', '/', '%'] },
];

/** Words that end an expression instead of beginning one. */
const reserved = new Set([
  'then',
  'elif',
  'else',
  'end',
  'as',
  'catch',
  'and',
  'or',
  'def',
  'label',
  'import',
  'include',
]);

/** Parses a filter of jq 1.7 without definitions, assignments, paths as values and input. The error is a clause. Total. */
export function parseJq(source: string): Result<JqNode, string> {
  if (source.length > limits.characters) return err(`the filter is longer than ${limits.characters} characters`);
  const tokens = tokenizeJq(source);
  if (!tokens.ok) return tokens;
  const count = { nodes: 0 };
  try {
    return ok(new Parser(tokens.value, count, 0).whole());
  } catch (fault) {
    if (fault instanceof SyntaxFault) return err(fault.message);
    throw fault;
  }
}

class SyntaxFault extends Error {}

class Parser {
  readonly #tokens: readonly JqToken[];
  readonly #count: { nodes: number };
  #at = 0;
  #depth: number;

  constructor(tokens: readonly JqToken[], count: { nodes: number }, depth: number) {
    this.#tokens = tokens;
    this.#count = count;
    this.#depth = depth;
  }

  whole(): JqNode {
    const node = this.#pipe();
    if (this.#at < this.#tokens.length) throw new SyntaxFault(`"${this.#peek()}" is not expected there`);
    return node;
  }

  #pipe(): JqNode {
    return this.#nested(() => {
      const left = this.#comma();
      return this.#sign('|') ? { kind: 'pipe', left, right: this.#pipe() } : left;
    });
  }

  #comma(): JqNode {
    let left = this.#binary(0);
    while (this.#sign(',')) left = { kind: 'comma', left, right: this.#binary(0) };
    return left;
  }

  #binary(level: number): JqNode {
    const known = levels[level];
    if (known === undefined) return this.#postfix();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = known.operators.find((candidate) => this.#sign(candidate) || this.#word(candidate));
      if (operator === undefined) return left;
      this.#tick();
      const right = known.rightFirst ? this.#nested(() => this.#binary(level)) : this.#binary(level + 1);
      left = { kind: 'binary', operator, left, right };
    }
  }

  /** `term`, what is after it, and `term as $x | body`. */
  #postfix(): JqNode {
    let node = this.#sign('-')
      ? this.#nested((): JqNode => ({ kind: 'negate', operand: this.#postfix() }))
      : this.#term();
    for (;;) {
      const field = this.#field();
      if (field !== null) node = { kind: 'index', target: node, key: { kind: 'literal', value: field } };
      else if (this.#sign('?')) node = { kind: 'try', body: node, handler: null };
      else if (this.#sign('[')) node = this.#bracket(node);
      else if (this.#sign('.')) node = this.#afterDot(node);
      else if (this.#word('as')) return this.#bind(node);
      else return node;
      this.#tick();
    }
  }

  #bind(source: JqNode): JqNode {
    const name = this.#variable();
    this.#expect('|');
    return { kind: 'bind', source, name, body: this.#pipe() };
  }

  #term(): JqNode {
    this.#tick();
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new SyntaxFault('the filter ends too early');
    const field = this.#field();
    if (field !== null) return { kind: 'index', target: { kind: 'identity' }, key: { kind: 'literal', value: field } };
    this.#at += 1;
    if (token.kind === 'number') return { kind: 'literal', value: token.value };
    if (token.kind === 'text') return this.#text(token, null);
    if (token.kind === 'word') return this.#named(token.value);
    switch (token.value) {
      case '..':
        return { kind: 'descend' };
      case '.':
        return this.#startsDot() ? this.#afterDot({ kind: 'identity' }) : { kind: 'identity' };
      case '(':
        return this.#closed(')');
      case '[':
        return this.#sign(']') ? { kind: 'array', body: null } : { kind: 'array', body: this.#closed(']') };
      case '{':
        return this.#object();
      default:
        throw new SyntaxFault(`"${token.value}" is not expected there`);
    }
  }

  #closed(sign: string): JqNode {
    const node = this.#pipe();
    this.#expect(sign);
    return node;
  }

  #startsDot(): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'text' || (token?.kind === 'sign' && token.value === '[');
  }

  /** What may stand after a dot of its own: `."a b"` and `.[…]`. */
  #afterDot(target: JqNode): JqNode {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === 'text') return { kind: 'index', target, key: this.#text(token, null) };
    if (token?.kind === 'sign' && token.value === '[') return this.#bracket(target);
    throw new SyntaxFault('a dot needs a name after it');
  }

  #bracket(target: JqNode): JqNode {
    if (this.#sign(']')) return { kind: 'each', target };
    if (this.#sign(':')) return { kind: 'slice', target, from: null, to: this.#closed(']') };
    const key = this.#pipe();
    if (this.#sign(']')) return { kind: 'index', target, key };
    this.#expect(':');
    return this.#sign(']')
      ? { kind: 'slice', target, from: key, to: null }
      : { kind: 'slice', target, from: key, to: this.#closed(']') };
  }

  #object(): JqNode {
    const entries: [JqNode, JqNode][] = [];
    while (!this.#sign('}')) {
      if (entries.length > 0) this.#expect(',');
      entries.push(this.#entry());
    }
    return { kind: 'object', entries };
  }

  #entry(): [JqNode, JqNode] {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    const isVariable = token?.kind === 'word' && token.value.startsWith('$');
    let key: JqNode;
    if (token?.kind === 'text') key = this.#text(token, null);
    else if (token?.kind === 'word') key = { kind: 'literal', value: token.value.replace(/^\$/, '') };
    else if (token?.kind === 'sign' && token.value === '(') key = this.#closed(')');
    else throw new SyntaxFault('an object needs a key');
    if (this.#sign(':')) return [key, this.#nested(() => this.#binary(0))];
    if (isVariable) return [key, { kind: 'variable', name: token.value.slice(1) }];
    return [key, { kind: 'index', target: { kind: 'identity' }, key }];
  }

  #named(name: string): JqNode {
    if (name.startsWith('$')) return { kind: 'variable', name: name.slice(1) };
    if (name.startsWith('@')) return this.#format(name.slice(1));
    if (name === 'if') return this.#choice();
    if (name === 'try') {
      const body = this.#nested(() => this.#postfix());
      return { kind: 'try', body, handler: this.#word('catch') ? this.#nested(() => this.#postfix()) : null };
    }
    if (name === 'reduce' || name === 'foreach') return this.#fold(name);
    if (name === 'null') return { kind: 'literal', value: null };
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
    if (reserved.has(name)) throw new SyntaxFault(`"${name}" is not supported there`);
    return this.#call(name);
  }

  #call(name: string): JqNode {
    const args: JqNode[] = [];
    if (this.#sign('(')) {
      do args.push(this.#pipe());
      while (this.#sign(';'));
      this.#expect(')');
    }
    if (!jqFunctions.has(`${name}/${args.length}`))
      throw new SyntaxFault(`the function ${name.slice(0, 40)} with ${args.length} arguments is not supported`);
    return { kind: 'call', name, args };
  }

  #format(name: string): JqNode {
    if (!Object.hasOwn(textFormats, name)) throw new SyntaxFault(`the format @${name.slice(0, 20)} is not supported`);
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'text') return { kind: 'format', name };
    this.#at += 1;
    return this.#text(token, name);
  }

  #choice(): JqNode {
    const condition = this.#pipe();
    this.#expectWord('then');
    const yes = this.#pipe();
    let no: JqNode = { kind: 'identity' };
    if (this.#word('elif')) return { kind: 'choice', condition, yes, no: this.#nested(() => this.#choice()) };
    if (this.#word('else')) no = this.#pipe();
    this.#expectWord('end');
    return { kind: 'choice', condition, yes, no };
  }

  #fold(kind: 'reduce' | 'foreach'): JqNode {
    const source = this.#nested(() => this.#folded());
    this.#expectWord('as');
    const name = this.#variable();
    this.#expect('(');
    const init = this.#pipe();
    this.#expect(';');
    const update = this.#pipe();
    const extract = kind === 'foreach' && this.#sign(';') ? this.#pipe() : null;
    this.#expect(')');
    return { kind, source, name, init, update, extract };
  }

  /** The source of a fold is a term with its suffixes, up to `as`. */
  #folded(): JqNode {
    let node = this.#term();
    for (;;) {
      const field = this.#field();
      if (field !== null) node = { kind: 'index', target: node, key: { kind: 'literal', value: field } };
      else if (this.#sign('[')) node = this.#bracket(node);
      else if (this.#sign('.')) node = this.#afterDot(node);
      else return node;
      this.#tick();
    }
  }

  #text(token: Extract<JqToken, { kind: 'text' }>, format: string | null): JqNode {
    const parts = token.parts.map((part) =>
      typeof part === 'string' ? part : new Parser(part, this.#count, this.#depth + 1).whole(),
    );
    const only = parts[0];
    if (parts.length === 1 && typeof only === 'string') return { kind: 'literal', value: only };
    return { kind: 'text', parts, format };
  }

  #nested<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > limits.depth) throw new SyntaxFault('the filter nests too deeply');
    const value = parse();
    this.#depth -= 1;
    return value;
  }

  #tick(): void {
    this.#count.nodes += 1;
    if (this.#count.nodes > limits.nodes) throw new SyntaxFault('the filter is too large');
  }

  #field(): string | null {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' || !token.value.startsWith('.')) return null;
    this.#at += 1;
    return token.value.slice(1);
  }

  #variable(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' || !token.value.startsWith('$')) throw new SyntaxFault('"as" needs one $name');
    this.#at += 1;
    return token.value.slice(1);
  }

  #peek(): string {
    const token = this.#tokens[this.#at];
    return token === undefined ? 'the end' : token.kind === 'text' ? '"' : String(token.value);
  }

  #sign(value: string): boolean {
    return this.#take('sign', value);
  }

  #word(value: string): boolean {
    return this.#take('word', value);
  }

  #take(kind: 'sign' | 'word', value: string): boolean {
    const token = this.#tokens[this.#at];
    const matches = token?.kind === kind && token.value === value;
    if (matches) this.#at += 1;
    return matches;
  }

  #expect(sign: string): void {
    if (!this.#sign(sign)) throw new SyntaxFault(`"${sign}" is missing before "${this.#peek()}"`);
  }

  #expectWord(word: string): void {
    if (!this.#word(word)) throw new SyntaxFault(`"${word}" is missing before "${this.#peek()}"`);
  }
}
