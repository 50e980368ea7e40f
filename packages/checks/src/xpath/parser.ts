import { ownValue } from '@picket/base/own-value';
import { err, ok, type Result } from '@picket/base/result';
import { functionArity } from './function-arity.ts';

export type Axis =
  | 'child'
  | 'descendant'
  | 'descendant-or-self'
  | 'self'
  | 'parent'
  | 'ancestor'
  | 'ancestor-or-self'
  | 'attribute'
  | 'following-sibling'
  | 'preceding-sibling';

export interface Step {
  readonly axis: Axis;
  /** A name, `*`, or the node tests `node()` and `text()`. */
  readonly test: { readonly kind: 'name'; readonly name: string } | { readonly kind: 'any' | 'node' | 'text' };
  readonly predicates: readonly XPathNode[];
}

/** Syntax tree of an XPath 1.0 expression. */
export type XPathNode =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'negate'; readonly operand: XPathNode }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: XPathNode; readonly right: XPathNode }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly XPathNode[] }
  /** `start` null: from the root when `absolute`, else from the context node. */
  | {
      readonly kind: 'path';
      readonly start: XPathNode | null;
      readonly absolute: boolean;
      readonly steps: readonly Step[];
    }
  | { readonly kind: 'filter'; readonly source: XPathNode; readonly predicates: readonly XPathNode[] };

const axes: readonly string[] = [
  'child',
  'descendant',
  'descendant-or-self',
  'self',
  'parent',
  'ancestor',
  'ancestor-or-self',
  'attribute',
  'following-sibling',
  'preceding-sibling',
] satisfies Axis[];

const isAxis = (name: string): name is Axis => axes.includes(name);
const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['=', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', 'div', 'mod'],
];
const limits = { characters: 4096, depth: 40, nodes: 500 } as const;
const tokenShape =
  /\s*("[^"]*"|'[^']*'|[0-9]+(?:\.[0-9]*)?|\.[0-9]+|::|\/\/|\.\.|!=|<=|>=|[/.@[\](),|=<>+*-]|[A-Za-z_](?:[\w-]|\.(?=\w))*(?::[A-Za-z_][\w-]*)?)/y;

/** Parses an expression of XPath 1.0 without variables, namespaces and the axes `following`, `preceding` and `namespace`. Total. */
export function parseXPath(source: string): Result<XPathNode, string> {
  if (source.length > limits.characters) return err(`the path is longer than ${limits.characters} characters`);
  const tokens: string[] = [];
  const text = source.trim();
  tokenShape.lastIndex = 0;
  while (tokenShape.lastIndex < text.length) {
    const at = tokenShape.lastIndex;
    const token = tokenShape.exec(text)?.[1];
    if (token === undefined) return err(`"${text.slice(at, at + 10)}" is not part of a path`);
    tokens.push(token);
  }
  try {
    return ok(new Parser(tokens).whole());
  } catch (fault) {
    if (fault instanceof SyntaxFault) return err(fault.message);
    throw fault;
  }
}

class SyntaxFault extends Error {}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;
  #depth = 0;
  #nodes = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  whole(): XPathNode {
    const node = this.#expression();
    if (this.#at < this.#tokens.length) throw new SyntaxFault(`"${this.#peek()}" is not expected there`);
    return node;
  }

  #expression(): XPathNode {
    this.#depth += 1;
    if (this.#depth > limits.depth) throw new SyntaxFault('the path nests too deeply');
    const node = this.#binary(0);
    this.#depth -= 1;
    return node;
  }

  #binary(level: number): XPathNode {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.#take(candidate));
      if (operator === undefined) return left;
      this.#count();
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): XPathNode {
    let negative = false;
    while (this.#take('-')) negative = !negative;
    let node = this.#path();
    while (this.#take('|')) node = { kind: 'binary', operator: '|', left: node, right: this.#path() };
    return negative ? { kind: 'negate', operand: node } : node;
  }

  #path(): XPathNode {
    this.#count();
    const primary = this.#primary();
    if (primary === null) return this.#location();
    const predicates = this.#predicates();
    const source: XPathNode = predicates.length === 0 ? primary : { kind: 'filter', source: primary, predicates };
    if (this.#peek() !== '/' && this.#peek() !== '//') return source;
    return { kind: 'path', start: source, absolute: false, steps: this.#moreSteps() };
  }

  /** A literal, a bracket or a call; null when a location path begins here. */
  #primary(): XPathNode | null {
    const token = this.#peek();
    if (/^["']/.test(token)) return { kind: 'text', value: this.#next().slice(1, -1) };
    if (/^\.?[0-9]/.test(token)) return { kind: 'number', value: Number(this.#next()) };
    if (token === '(') {
      this.#next();
      const node = this.#expression();
      this.#expect(')');
      return node;
    }
    const isCall = /^[A-Za-z]/.test(token) && this.#tokens[this.#at + 1] === '(';
    return isCall && token !== 'text' && token !== 'node' ? this.#call() : null;
  }

  #call(): XPathNode {
    const name = this.#next();
    const args: XPathNode[] = [];
    this.#expect('(');
    if (!this.#take(')')) {
      do args.push(this.#expression());
      while (this.#take(','));
      this.#expect(')');
    }
    const arity = ownValue(functionArity, name);
    if (arity === undefined || args.length < arity[0] || args.length > arity[1])
      throw new SyntaxFault(`the function ${name.slice(0, 40)} with ${args.length} arguments is not supported`);
    return { kind: 'call', name, args };
  }

  #location(): XPathNode {
    const absolute = this.#peek() === '/' || this.#peek() === '//';
    if (this.#peek() === '/' && !this.#startsStep(this.#tokens[this.#at + 1] ?? '')) {
      this.#next();
      return { kind: 'path', start: null, absolute, steps: [] };
    }
    const first = absolute ? [] : [this.#step()];
    return { kind: 'path', start: null, absolute, steps: [...first, ...this.#moreSteps()] };
  }

  #startsStep(token: string): boolean {
    return /^(?:[A-Za-z_*@]|\.\.?$)/.test(token);
  }

  #moreSteps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.#take('//')) steps.push({ axis: 'descendant-or-self', test: { kind: 'node' }, predicates: [] });
      else if (!this.#take('/')) return steps;
      steps.push(this.#step());
    }
  }

  #step(): Step {
    this.#count();
    if (this.#take('.')) return { axis: 'self', test: { kind: 'node' }, predicates: [] };
    if (this.#take('..')) return { axis: 'parent', test: { kind: 'node' }, predicates: [] };
    let axis: Axis = 'child';
    if (this.#take('@')) axis = 'attribute';
    else if (this.#tokens[this.#at + 1] === '::') {
      const name = this.#next();
      if (!isAxis(name)) throw new SyntaxFault(`the axis ${name.slice(0, 40)} is not supported`);
      axis = name;
      this.#next();
    }
    return { axis, test: this.#test(), predicates: this.#predicates() };
  }

  #test(): Step['test'] {
    const name = this.#next();
    if (name === '*') return { kind: 'any' };
    if ((name === 'text' || name === 'node') && this.#take('(')) {
      this.#expect(')');
      return { kind: name };
    }
    if (!/^[A-Za-z_]/.test(name)) throw new SyntaxFault(`"${name}" is not expected there`);
    return { kind: 'name', name };
  }

  #predicates(): XPathNode[] {
    const predicates: XPathNode[] = [];
    while (this.#take('[')) {
      predicates.push(this.#expression());
      this.#expect(']');
    }
    return predicates;
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new SyntaxFault('the path ends too early');
    this.#at += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new SyntaxFault(`"${token}" is missing before "${this.#peek()}"`);
  }

  #count(): void {
    this.#nodes += 1;
    if (this.#nodes > limits.nodes) throw new SyntaxFault('the path is too large');
  }
}
