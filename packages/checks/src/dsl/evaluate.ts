import { err, ok, type Result } from '@picket/base/result';
import { fromText } from '../byte-string.ts';
import { compilePattern } from '../regex.ts';
import { dslFunctions } from './function-table.ts';
import type { DslNode } from './parser.ts';
import { type DslAmbient, DslFault, type DslScope, type DslValue, numberOf, textOf, truthOf } from './value.ts';

/** Names of variables that were asked for and are not there. */
export interface DslFailure {
  readonly reason: string;
  readonly missing?: string;
}

class MissingVariable extends DslFault {
  readonly variable: string;

  constructor(variable: string) {
    super(`the variable "${variable}" has no value`);
    this.variable = variable;
  }
}

/** Evaluates an expression. Total: an unknown variable, a wrong type or an absurd size is a result, not an exception. */
export function evaluate(node: DslNode, scope: DslScope, ambient: DslAmbient): Result<DslValue, DslFailure> {
  try {
    return ok(valueOf(node, scope, ambient));
  } catch (fault) {
    if (fault instanceof MissingVariable) return err({ reason: fault.message, missing: fault.variable });
    if (fault instanceof DslFault || fault instanceof RangeError) return err({ reason: fault.message });
    throw fault;
  }
}

function valueOf(node: DslNode, scope: DslScope, ambient: DslAmbient): DslValue {
  switch (node.kind) {
    case 'number':
    case 'boolean':
      return node.value;
    case 'string':
      return fromText(node.value);
    case 'variable':
      return variable(node.name, scope);
    case 'list':
      return node.items.map((item) => valueOf(item, scope, ambient));
    case 'call':
      return call(node, scope, ambient);
    case 'unary':
      return unary(node.operator, valueOf(node.operand, scope, ambient));
    case 'binary':
      return binary(node, scope, ambient);
    case 'choice':
      if (truthOf(valueOf(node.condition, scope, ambient))) return valueOf(node.yes, scope, ambient);
      if (node.no === null) throw new DslFault('the condition is false and there is no other value');
      return valueOf(node.no, scope, ambient);
  }
}

function variable(name: string, scope: DslScope): DslValue {
  const value = scope.get(name);
  if (value === undefined) throw new MissingVariable(name);
  return value;
}

function call(node: Extract<DslNode, { kind: 'call' }>, scope: DslScope, ambient: DslAmbient): DslValue {
  const { name, args } = node;
  const known = dslFunctions.get(name);
  if (known === undefined) throw new DslFault(`the function "${name}" is unknown`);
  if (args.length < known.least || args.length > known.most) {
    throw new DslFault(`the function "${name}" does not take ${args.length} arguments`);
  }
  return known.run(
    args.map((arg) => valueOf(arg, scope, ambient)),
    ambient,
  );
}

function unary(operator: string, value: DslValue): DslValue {
  if (operator === '!') return !truthOf(value);
  return operator === '-' ? -numberOf(value) : ~numberOf(value);
}

function binary(node: Extract<DslNode, { kind: 'binary' }>, scope: DslScope, ambient: DslAmbient): DslValue {
  const left = node.operator === '??' ? optional(node.left, scope, ambient) : valueOf(node.left, scope, ambient);
  if (node.operator === '??') return left ?? valueOf(node.right, scope, ambient);
  if (left === null) throw new DslFault('a value is missing');
  if (node.operator === '&&') return truthOf(left) && truthOf(valueOf(node.right, scope, ambient));
  if (node.operator === '||') return truthOf(left) || truthOf(valueOf(node.right, scope, ambient));
  return operate(node.operator, left, valueOf(node.right, scope, ambient));
}

function optional(node: DslNode, scope: DslScope, ambient: DslAmbient): DslValue | null {
  const value = evaluate(node, scope, ambient);
  return value.ok ? value.value : null;
}

function operate(operator: string, left: DslValue, right: DslValue): DslValue {
  switch (operator) {
    case '==':
      return same(left, right);
    case '!=':
      return !same(left, right);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return ordered(operator, left, right);
    case '=~':
      return matches(left, right);
    case '!~':
      return !matches(left, right);
    case 'in':
      if (!Array.isArray(right)) throw new DslFault('"in" needs a list on its right');
      return right.some((item) => same(left, item));
    case '+':
      if (typeof left === 'string' || typeof right === 'string') return textOf(left) + textOf(right);
      return numberOf(left) + numberOf(right);
    default:
      return arithmetic(operator, numberOf(left), numberOf(right));
  }
}

function same(left: DslValue, right: DslValue): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => same(item, right[index] ?? ''));
  }
  return left === right;
}

function ordered(operator: string, left: DslValue, right: DslValue): boolean {
  const pair: [string, string] | [number, number] =
    typeof left === 'string' && typeof right === 'string' ? [left, right] : [numberOf(left), numberOf(right)];
  const order = pair[0] < pair[1] ? -1 : pair[0] > pair[1] ? 1 : 0;
  if (operator === '<') return order < 0;
  if (operator === '>') return order > 0;
  return operator === '<=' ? order <= 0 : order >= 0;
}

function matches(left: DslValue, right: DslValue): boolean {
  const pattern = compilePattern(textOf(right));
  if (typeof pattern === 'string') throw new DslFault(`the pattern does not compile: ${pattern}`);
  return pattern.test(textOf(left));
}

function arithmetic(operator: string, left: number, right: number): number {
  switch (operator) {
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '**':
      return left ** right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return left << right;
    case '>>':
      return left >> right;
    default:
      throw new DslFault(`the operator "${operator}" is unknown`);
  }
}
