import { callFunction } from './functions.ts';
import type { ElementNode, HtmlNode } from './html-tree.ts';
import type { Axis, Step, XPathNode } from './parser.ts';
import { booleanOf, numberOf, stringOf, type XPathValue, XPathLimit } from './value.ts';

/** Where an expression is evaluated. `position` counts from 1. */
export interface XPathContext {
  readonly node: HtmlNode;
  readonly position: number;
  readonly size: number;
}

/** The value of an expression for a whole document; null when it costs more than it may. Total. */
export function evaluateXPath(expression: XPathNode, root: ElementNode): XPathValue | null {
  try {
    return new Evaluation(root).value(expression, { node: root, position: 1, size: 1 });
  } catch (fault) {
    if (fault instanceof XPathLimit || fault instanceof RangeError) return null;
    throw fault;
  }
}

class Evaluation {
  readonly #root: ElementNode;
  #steps = 400_000;

  constructor(root: ElementNode) {
    this.#root = root;
  }

  value(node: XPathNode, context: XPathContext): XPathValue {
    this.#spend(1);
    switch (node.kind) {
      case 'text':
      case 'number':
        return node.value;
      case 'negate':
        return -numberOf(this.value(node.operand, context));
      case 'binary':
        return this.#binary(node, context);
      case 'call': {
        const args = node.args.map((arg) => this.value(arg, context));
        const value = callFunction(node.name, args, context);
        this.#spend(typeof value === 'string' ? value.length >> 4 : 1);
        return value;
      }
      case 'filter':
        return this.#filtered(this.#nodes(node.source, context), node.predicates);
      case 'path':
        return this.#path(node, context);
    }
  }

  #nodes(node: XPathNode, context: XPathContext): readonly HtmlNode[] {
    const value = this.value(node, context);
    return Array.isArray(value) ? value : [];
  }

  #path(node: Extract<XPathNode, { kind: 'path' }>, context: XPathContext): readonly HtmlNode[] {
    let nodes: readonly HtmlNode[] = node.absolute ? [this.#root] : [context.node];
    if (node.start !== null) nodes = this.#nodes(node.start, context);
    for (const step of node.steps) nodes = this.#take(step, nodes);
    return nodes;
  }

  #take(step: Step, nodes: readonly HtmlNode[]): readonly HtmlNode[] {
    const found = new Set<HtmlNode>();
    for (const node of nodes) {
      const candidates: HtmlNode[] = [];
      for (const candidate of along(step.axis, node)) {
        this.#spend(1);
        if (passes(step, candidate)) candidates.push(candidate);
      }
      for (const kept of this.#filtered(candidates, step.predicates)) found.add(kept);
    }
    return [...found];
  }

  #filtered(nodes: readonly HtmlNode[], predicates: readonly XPathNode[]): readonly HtmlNode[] {
    let kept = nodes;
    for (const predicate of predicates) {
      const size = kept.length;
      kept = kept.filter((node, index) => {
        const value = this.value(predicate, { node, position: index + 1, size });
        return typeof value === 'number' ? value === index + 1 : booleanOf(value);
      });
    }
    return kept;
  }

  #binary(node: Extract<XPathNode, { kind: 'binary' }>, context: XPathContext): XPathValue {
    const left = this.value(node.left, context);
    if (node.operator === 'or') return booleanOf(left) || booleanOf(this.value(node.right, context));
    if (node.operator === 'and') return booleanOf(left) && booleanOf(this.value(node.right, context));
    const right = this.value(node.right, context);
    switch (node.operator) {
      case '|':
        return [...new Set([...(Array.isArray(left) ? left : []), ...(Array.isArray(right) ? right : [])])];
      case '+':
        return numberOf(left) + numberOf(right);
      case '-':
        return numberOf(left) - numberOf(right);
      case '*':
        return numberOf(left) * numberOf(right);
      case 'div':
        return numberOf(left) / numberOf(right);
      case 'mod':
        return numberOf(left) % numberOf(right);
      default:
        return this.#compare(node.operator, left, right);
    }
  }

  /** A set of nodes compares as any of its nodes does (section 3.4). */
  #compare(operator: string, left: XPathValue, right: XPathValue): boolean {
    const each = (value: XPathValue): readonly (string | number | boolean)[] =>
      Array.isArray(value) ? value.map((node) => stringOf([node])) : [value as string | number | boolean];
    if (typeof left === 'boolean' || typeof right === 'boolean')
      return compareOne(operator, booleanOf(left), booleanOf(right));
    return each(left).some((a) =>
      each(right).some((b) => {
        this.#spend(1);
        return compareOne(operator, a, b);
      }),
    );
  }

  #spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw new XPathLimit('the path takes too many steps');
  }
}

function compareOne(operator: string, a: string | number | boolean, b: string | number | boolean): boolean {
  if (operator === '=' || operator === '!=') {
    const same = typeof a === 'string' && typeof b === 'string' ? a === b : numberOf(a) === numberOf(b);
    return same === (operator === '=');
  }
  const [left, right] = [numberOf(a), numberOf(b)];
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

function passes(step: Step, node: HtmlNode): boolean {
  const { test } = step;
  if (test.kind === 'node') return true;
  if (test.kind === 'text') return node.kind === 'text';
  if (node.kind === 'text') return false;
  return test.kind === 'name' ? node.name === test.name : node.name !== '';
}

/** The nodes of an axis in its own direction (section 2.2). */
function* along(axis: Axis, node: HtmlNode): Generator<HtmlNode> {
  switch (axis) {
    case 'self':
      yield node;
      return;
    case 'parent':
      if (node.parent !== null) yield node.parent;
      return;
    case 'ancestor':
      yield* ancestors(node);
      return;
    case 'ancestor-or-self':
      yield node;
      yield* ancestors(node);
      return;
    case 'child':
      if (node.kind === 'element') yield* node.children;
      return;
    case 'descendant':
      yield* descendants(node);
      return;
    case 'descendant-or-self':
      yield node;
      yield* descendants(node);
      return;
    case 'attribute':
      if (node.kind === 'element')
        for (const [name, text] of node.attributes) yield { kind: 'attribute', name, text, parent: node };
      return;
    case 'following-sibling':
    case 'preceding-sibling': {
      const siblings = node.kind === 'attribute' ? [] : (node.parent?.children ?? []);
      const at = siblings.indexOf(node);
      yield* axis === 'following-sibling' ? siblings.slice(at + 1) : siblings.slice(0, Math.max(0, at)).reverse();
    }
  }
}

function* ancestors(node: HtmlNode): Generator<HtmlNode> {
  for (let parent = node.parent; parent !== null; parent = parent.parent) yield parent;
}

function* descendants(node: HtmlNode): Generator<HtmlNode> {
  if (node.kind !== 'element') return;
  const waiting: HtmlNode[] = [...node.children].reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    if (next.kind === 'element')
      for (let at = next.children.length - 1; at >= 0; at -= 1) {
        const child = next.children[at];
        if (child) waiting.push(child);
      }
  }
}
