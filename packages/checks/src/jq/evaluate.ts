import { ownValue } from '@picket/base/own-value';
import { operate } from './arithmetic.ts';
import { descend } from './flow-functions.ts';
import { type JqCaller, JqMeter, numberIn } from './function.ts';
import { jqFunctions } from './function-table.ts';
import { itemsOf } from './list-functions.ts';
import type { JqNode } from './node.ts';
import { textFormats } from './text-formats.ts';
import { isList, isObject, JqFault, JqLimit, type JqValue, textOfValue, truthy, typeName } from './value.ts';

type Variables = ReadonlyMap<string, JqValue>;
const noVariables: Variables = new Map();

/**
 * The first `limit` values of a filter. Total: an error of the filter ends it (what came before stays), and so does a bound on
 * steps and on what it builds. A document is hostile input: deep ones end the same way.
 */
export function runJq(node: JqNode, document: JqValue, limit: number): JqValue[] {
  const values: JqValue[] = [];
  try {
    for (const value of new Run().values(node, document, noVariables)) {
      values.push(value);
      if (values.length >= limit) break;
    }
  } catch (fault) {
    if (!(fault instanceof JqFault || fault instanceof JqLimit || fault instanceof RangeError)) throw fault;
  }
  return values;
}

class Run {
  readonly #meter = new JqMeter();

  *values(node: JqNode, input: JqValue, variables: Variables): Generator<JqValue> {
    this.#meter.step();
    switch (node.kind) {
      case 'identity':
        yield input;
        return;
      case 'descend':
        yield* descend(input, this.#caller(variables));
        return;
      case 'literal':
        yield node.value;
        return;
      case 'variable':
        yield variable(node.name, variables);
        return;
      case 'format':
        yield formatted(node.name, input);
        return;
      case 'text':
        yield* this.#texts(node, input, variables);
        return;
      case 'index':
        for (const target of this.values(node.target, input, variables))
          for (const key of this.values(node.key, input, variables)) yield indexed(target, key);
        return;
      case 'slice':
        yield* this.#slices(node, input, variables);
        return;
      case 'each':
        for (const target of this.values(node.target, input, variables)) yield* itemsOf(target);
        return;
      case 'array':
        yield this.#list(node.body, input, variables);
        return;
      case 'object':
        yield* this.#objects(node.entries, input, variables);
        return;
      case 'negate':
        for (const value of this.values(node.operand, input, variables)) yield -numberIn(value);
        return;
      case 'pipe':
        for (const value of this.values(node.left, input, variables)) yield* this.values(node.right, value, variables);
        return;
      case 'comma':
        yield* this.values(node.left, input, variables);
        yield* this.values(node.right, input, variables);
        return;
      case 'binary':
        yield* this.#binary(node, input, variables);
        return;
      case 'choice':
        for (const value of this.values(node.condition, input, variables))
          yield* this.values(truthy(value) ? node.yes : node.no, input, variables);
        return;
      case 'try':
        yield* this.#attempt(node, input, variables);
        return;
      case 'bind':
        for (const value of this.values(node.source, input, variables))
          yield* this.values(node.body, input, new Map([...variables, [node.name, value]]));
        return;
      case 'reduce':
      case 'foreach':
        yield* this.#fold(node, input, variables);
        return;
      case 'call':
        yield* jqFunctions.get(`${node.name}/${node.args.length}`)?.(input, node.args, this.#caller(variables)) ?? [];
        return;
    }
  }

  #caller(variables: Variables): JqCaller {
    return { meter: this.#meter, run: (node, input) => this.values(node, input, variables) };
  }

  #list(body: JqNode | null, input: JqValue, variables: Variables): JqValue {
    const items: JqValue[] = [];
    for (const value of body === null ? [] : this.values(body, input, variables)) {
      this.#meter.built(16);
      items.push(value);
    }
    return items;
  }

  *#texts(node: Extract<JqNode, { kind: 'text' }>, input: JqValue, variables: Variables): Generator<JqValue> {
    let texts = [''];
    for (const part of node.parts) {
      const pieces =
        typeof part === 'string'
          ? [part]
          : [...this.values(part, input, variables)].map((value) => formatted(node.format ?? 'text', value));
      texts = texts.flatMap((text) => pieces.map((piece) => text + piece));
      for (const text of texts) this.#meter.built(text.length);
    }
    yield* texts;
  }

  *#slices(node: Extract<JqNode, { kind: 'slice' }>, input: JqValue, variables: Variables): Generator<JqValue> {
    const none: JqNode = { kind: 'literal', value: null };
    for (const target of this.values(node.target, input, variables))
      for (const from of this.values(node.from ?? none, input, variables))
        for (const to of this.values(node.to ?? none, input, variables)) yield sliced(target, from, to);
  }

  *#objects(
    entries: Extract<JqNode, { kind: 'object' }>['entries'],
    input: JqValue,
    variables: Variables,
  ): Generator<JqValue> {
    const [first, ...rest] = entries;
    if (first === undefined) {
      yield {};
      return;
    }
    for (const key of this.values(first[0], input, variables)) {
      if (typeof key !== 'string') throw new JqFault('a key of an object is a string');
      for (const value of this.values(first[1], input, variables))
        for (const others of this.#objects(rest, input, variables)) {
          this.#meter.built(32);
          yield Object.fromEntries([[key, value], ...(isObject(others) ? Object.entries(others) : [])]);
        }
    }
  }

  *#binary(node: Extract<JqNode, { kind: 'binary' }>, input: JqValue, variables: Variables): Generator<JqValue> {
    const { operator, left, right } = node;
    if (operator === '//') {
      const kept = [...this.#quiet(left, input, variables)].filter(truthy);
      if (kept.length > 0) yield* kept;
      else yield* this.values(right, input, variables);
      return;
    }
    if (operator === 'and' || operator === 'or') {
      for (const value of this.values(left, input, variables)) {
        if (truthy(value) === (operator === 'or')) yield operator === 'or';
        else for (const other of this.values(right, input, variables)) yield truthy(other);
      }
      return;
    }
    for (const b of this.values(right, input, variables))
      for (const a of this.values(left, input, variables)) {
        const value = operate(operator, a, b);
        this.#meter.built(typeof value === 'string' || isList(value) ? value.length : 1);
        yield value;
      }
  }

  *#quiet(node: JqNode, input: JqValue, variables: Variables): Generator<JqValue> {
    try {
      yield* this.values(node, input, variables);
    } catch (fault) {
      if (!(fault instanceof JqFault)) throw fault;
    }
  }

  *#attempt(node: Extract<JqNode, { kind: 'try' }>, input: JqValue, variables: Variables): Generator<JqValue> {
    let message: string | null = null;
    try {
      yield* this.values(node.body, input, variables);
    } catch (fault) {
      if (!(fault instanceof JqFault)) throw fault;
      message = fault.message;
    }
    if (message !== null && node.handler !== null) yield* this.values(node.handler, message, variables);
  }

  *#fold(
    node: Extract<JqNode, { kind: 'reduce' | 'foreach' }>,
    input: JqValue,
    variables: Variables,
  ): Generator<JqValue> {
    for (const start of this.values(node.init, input, variables)) {
      let state: JqValue = start;
      for (const item of this.values(node.source, input, variables)) {
        const inner = new Map([...variables, [node.name, item]]);
        for (const next of this.values(node.update, state, inner)) {
          state = next;
          if (node.kind === 'foreach') yield* node.extract ? this.values(node.extract, state, inner) : [state];
        }
      }
      if (node.kind === 'reduce') yield state;
    }
  }
}

function variable(name: string, variables: Variables): JqValue {
  const value = variables.get(name);
  if (value === undefined) throw new JqFault(`$${name} is not defined`);
  return value;
}

function formatted(name: string, value: JqValue): string {
  return ownValue(textFormats, name)?.(value) ?? textOfValue(value);
}

function indexed(target: JqValue, key: JqValue): JqValue {
  if (target === null) return null;
  if (isObject(target) && typeof key === 'string') return Object.hasOwn(target, key) ? (target[key] ?? null) : null;
  if (isList(target) && typeof key === 'number') return target.at(Math.floor(key)) ?? null;
  throw new JqFault(`${typeName(target)} has no ${typeName(key)} index`);
}

function sliced(target: JqValue, from: JqValue, to: JqValue): JqValue {
  if (target === null) return null;
  const start = from === null ? 0 : Math.floor(numberIn(from));
  const end = to === null ? undefined : Math.ceil(numberIn(to));
  if (typeof target === 'string') return [...target].slice(start, end).join('');
  if (isList(target)) return target.slice(start, end);
  throw new JqFault(`${typeName(target)} cannot be cut`);
}
