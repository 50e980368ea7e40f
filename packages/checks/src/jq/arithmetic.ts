import { compareValues, isList, isObject, JqFault, type JqValue, sameValue, typeName } from './value.ts';

/** Longest string and array that an operator may make. */
const longest = 1_000_000;

/** jq's `+`: null is neutral; numbers, strings, arrays and objects join. */
export function addValues(a: JqValue, b: JqValue): JqValue {
  if (a === null) return b;
  if (b === null) return a;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string') return bounded(a + b);
  if (isList(a) && isList(b)) return bounded([...a, ...b]);
  if (isObject(a) && isObject(b)) return { ...a, ...b };
  throw new JqFault(`${typeName(a)} and ${typeName(b)} cannot be added`);
}

/** The other operators that look at both values. `and`, `or` and `//` are the evaluator's. */
export function operate(operator: string, a: JqValue, b: JqValue): JqValue {
  switch (operator) {
    case '==':
      return sameValue(a, b);
    case '!=':
      return !sameValue(a, b);
    case '<':
      return compareValues(a, b) < 0;
    case '<=':
      return compareValues(a, b) <= 0;
    case '>':
      return compareValues(a, b) > 0;
    case '>=':
      return compareValues(a, b) >= 0;
    case '+':
      return addValues(a, b);
    case '-':
      return subtract(a, b);
    case '*':
      return multiply(a, b);
    case '/':
      return divide(a, b);
    default:
      return remainder(a, b);
  }
}

function subtract(a: JqValue, b: JqValue): JqValue {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (isList(a) && isList(b)) return a.filter((item) => !b.some((other) => sameValue(item, other)));
  throw new JqFault(`${typeName(b)} cannot be subtracted from ${typeName(a)}`);
}

function multiply(a: JqValue, b: JqValue): JqValue {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  const [text, times] = typeof a === 'string' ? [a, b] : [b, a];
  if (typeof text === 'string' && typeof times === 'number') {
    if (times <= 0) return null;
    if (text.length * times > longest) throw new JqFault('the string grows too large');
    return text.repeat(Math.max(1, Math.floor(times)));
  }
  if (isObject(a) && isObject(b)) return merge(a, b, 0);
  throw new JqFault(`${typeName(a)} and ${typeName(b)} cannot be multiplied`);
}

function merge(a: JqValue, b: JqValue, depth: number): JqValue {
  if (!isObject(a) || !isObject(b) || depth > 100) return b;
  const merged = Object.entries(b).map(([key, value]): [string, JqValue] => [
    key,
    Object.hasOwn(a, key) ? merge(a[key] ?? null, value, depth + 1) : value,
  ]);
  return { ...a, ...Object.fromEntries(merged) };
}

function divide(a: JqValue, b: JqValue): JqValue {
  if (typeof a === 'number' && typeof b === 'number') {
    if (b === 0) throw new JqFault('division by zero');
    return a / b;
  }
  if (typeof a === 'string' && typeof b === 'string') return a === '' ? [] : a.split(b);
  throw new JqFault(`${typeName(a)} cannot be divided by ${typeName(b)}`);
}

function remainder(a: JqValue, b: JqValue): JqValue {
  if (typeof a !== 'number' || typeof b !== 'number') throw new JqFault('% needs numbers');
  const divisor = Math.trunc(b);
  if (divisor === 0) throw new JqFault('division by zero');
  return Math.trunc(a) % Math.abs(divisor);
}

function bounded<T extends { readonly length: number }>(value: T): T {
  if (value.length > longest) throw new JqFault('the value grows too large');
  return value;
}
