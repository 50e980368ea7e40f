import { err, ok, type Result } from '@picket/base/result';
import { type Token, tokenize } from './lexer.ts';

/** Syntax tree of a DSL expression. */
export type DslNode =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly DslNode[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly DslNode[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: DslNode }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: DslNode; readonly right: DslNode }
  | { readonly kind: 'choice'; readonly condition: DslNode; readonly yes: DslNode; readonly no: DslNode | null };

const limits = { characters: 65_536, depth: 120, nodes: 20_000 } as const;

/** Binary operators by rising strength, as govaluate orders them. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '>', '<=', '>=', '=~', '!~', 'in'],
  ['&', '|', '^'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
];

/** Parses an expression, a top-level list (`a, b`) included. Total: never throws. */
export function parseDsl(source: string): Result<DslNode, string> {
  if (source.length > limits.characters) return err(`the expression is longer than ${limits.characters} characters`);
  const tokens = tokenize(source);
  if (!tokens.ok) return tokens;
  try {
    const parser = new Parser(tokens.value);
    return ok(parser.whole());
  } catch (fault) {
    if (fault instanceof SyntaxFault) return err(fault.message);
    throw fault;
  }
}

class SyntaxFault extends Error {}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #nodes = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): DslNode {
    const items = this.#list();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw new SyntaxFault(`"${'value' in rest ? rest.value : ''}" is not expected there`);
    return items.length === 1 ? (items[0] as DslNode) : { kind: 'list', items };
  }

  #list(): DslNode[] {
    const items = [this.#choice()];
    while (this.#take(',')) items.push(this.#choice());
    return items;
  }

  #choice(): DslNode {
    this.#depth += 1;
    if (this.#depth > limits.depth) throw new SyntaxFault('the expression nests too deeply');
    let node = this.#binary(0);
    if (this.#take('??')) {
      node = { kind: 'binary', operator: '??', left: node, right: this.#choice() };
    } else if (this.#take('?')) {
      const yes = this.#choice();
      node = { kind: 'choice', condition: node, yes, no: this.#take(':') ? this.#choice() : null };
    }
    this.#depth -= 1;
    return node;
  }

  #binary(level: number): DslNode {
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

  #unary(): DslNode {
    const operator = ['!', '-', '~'].find((candidate) => this.#take(candidate));
    if (operator === undefined) return this.#primary();
    this.#depth += 1;
    if (this.#depth > limits.depth) throw new SyntaxFault('the expression nests too deeply');
    const operand = this.#unary();
    this.#depth -= 1;
    return { kind: 'unary', operator, operand };
  }

  #primary(): DslNode {
    this.#count();
    const token = this.#peek();
    if (token.kind === 'end') throw new SyntaxFault('the expression ends too early');
    this.#at += 1;
    if (token.kind === 'number' || token.kind === 'string') return token;
    if (token.kind === 'name') return this.#name(token.value);
    if (token.value !== '(') throw new SyntaxFault(`"${token.value}" is not expected there`);
    if (this.#take(')')) return { kind: 'list', items: [] };
    const items = this.#list();
    this.#expect(')');
    return items.length === 1 ? (items[0] as DslNode) : { kind: 'list', items };
  }

  #name(name: string): DslNode {
    if (name === 'true' || name === 'false') return { kind: 'boolean', value: name === 'true' };
    if (!this.#take('(')) return { kind: 'variable', name };
    const args = this.#take(')') ? null : this.#list();
    if (args !== null) this.#expect(')');
    return { kind: 'call', name, args: args ?? [] };
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end' };
  }

  #take(operator: string): boolean {
    const token = this.#peek();
    const matches =
      (token.kind === 'operator' && token.value === operator) ||
      (operator === 'in' && token.kind === 'name' && token.value === 'in');
    if (matches) this.#at += 1;
    return matches;
  }

  #expect(operator: string): void {
    if (!this.#take(operator)) throw new SyntaxFault(`"${operator}" is missing`);
  }

  #count(): void {
    this.#nodes += 1;
    if (this.#nodes > limits.nodes) throw new SyntaxFault('the expression is too large');
  }
}

/** Names of all variables and functions that an expression uses. */
export function namesIn(node: DslNode): { variables: Set<string>; functions: Set<string> } {
  const names = { variables: new Set<string>(), functions: new Set<string>() };
  walk(node, (part) => {
    if (part.kind === 'variable') names.variables.add(part.name);
    if (part.kind === 'call') names.functions.add(part.name);
  });
  return names;
}

function walk(node: DslNode, visit: (node: DslNode) => void): void {
  visit(node);
  for (const child of children(node)) walk(child, visit);
}

function children(node: DslNode): readonly DslNode[] {
  switch (node.kind) {
    case 'list':
      return node.items;
    case 'call':
      return node.args;
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'choice':
      return node.no === null ? [node.condition, node.yes] : [node.condition, node.yes, node.no];
    default:
      return [];
  }
}
