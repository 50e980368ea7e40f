import { firstOf, type JqCaller, type JqFunction, numberIn, ofInput, ofValues } from './function.ts';
import { itemsOf } from './list-functions.ts';
import type { JqNode } from './node.ts';
import { isList, isObject, JqFault, type JqValue, textOfValue, truthy, typeName } from './value.ts';

const deepest = 200;

/** The value and everything in it, depth first. */
export function* descend(value: JqValue, caller: JqCaller, depth = 0): Iterable<JqValue> {
  caller.meter.step();
  yield value;
  if (depth >= deepest) return;
  if (isList(value) || isObject(value)) for (const item of itemsOf(value)) yield* descend(item, caller, depth + 1);
}

function* recurse(input: JqValue, args: readonly JqNode[], caller: JqCaller, depth = 0): Iterable<JqValue> {
  caller.meter.step();
  yield input;
  const [next] = args;
  if (next === undefined || depth >= deepest) return;
  for (const value of caller.run(next, input)) yield* recurse(value, args, caller, depth + 1);
}

function* select(input: JqValue, args: readonly JqNode[], caller: JqCaller): Iterable<JqValue> {
  for (const value of args[0] ? caller.run(args[0], input) : []) if (truthy(value)) yield input;
}

function* range(input: JqValue, args: readonly JqNode[], caller: JqCaller): Iterable<JqValue> {
  const numbers = args.map((arg) => numberIn(firstOf(caller.run(arg, input)) ?? null));
  const [from, to, by] =
    numbers.length === 1 ? [0, numbers[0] ?? 0, 1] : [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 1];
  for (let at = from; by > 0 ? at < to : by < 0 && at > to; at += by) {
    caller.meter.step();
    yield at;
  }
}

function* limit(input: JqValue, args: readonly JqNode[], caller: JqCaller): Iterable<JqValue> {
  const [count, source] = args;
  if (!count || !source) return;
  let left = numberIn(firstOf(caller.run(count, input)) ?? null);
  if (left <= 0) return;
  for (const value of caller.run(source, input)) {
    yield value;
    left -= 1;
    if (left <= 0) return;
  }
}

function* first(input: JqValue, args: readonly JqNode[], caller: JqCaller): Iterable<JqValue> {
  const value = args[0] ? firstOf(caller.run(args[0], input)) : itemsOf(input)[0];
  if (value !== undefined) yield value;
}

function* last(input: JqValue, args: readonly JqNode[], caller: JqCaller): Iterable<JqValue> {
  const value = args[0] ? [...caller.run(args[0], input)].at(-1) : itemsOf(input).at(-1);
  if (value !== undefined) yield value;
}

const onlyIf =
  (test: (value: JqValue) => boolean): JqFunction =>
  (input) =>
    test(input) ? [input] : [];

function fail(message: JqValue): never {
  throw new JqFault(textOfValue(message));
}

/** Functions that choose, repeat and tell types apart, by name and number of arguments. */
export const flowFunctions: Readonly<Record<string, JqFunction>> = {
  'empty/0': () => [],
  'error/0': ofInput(fail),
  'error/1': ofValues((_input, [message]) => fail(message ?? null)),
  'not/0': ofInput((input) => !truthy(input)),
  'select/1': select,
  'recurse/0': (input, _args, caller) => descend(input, caller),
  'recurse/1': recurse,
  'range/1': range,
  'range/2': range,
  'range/3': range,
  'limit/2': limit,
  'first/0': first,
  'first/1': first,
  'last/0': last,
  'last/1': last,
  'nth/1': ofValues((input, [at]) => itemsOf(input)[numberIn(at ?? 0)] ?? null),
  'isempty/1': (input, args, caller) => [args[0] ? firstOf(caller.run(args[0], input)) === undefined : true],
  'type/0': ofInput(typeName),
  'floor/0': ofInput((input) => Math.floor(numberIn(input))),
  'ceil/0': ofInput((input) => Math.ceil(numberIn(input))),
  'round/0': ofInput((input) => Math.round(numberIn(input))),
  'abs/0': ofInput((input) => Math.abs(numberIn(input))),
  'values/0': onlyIf((value) => value !== null),
  'nulls/0': onlyIf((value) => value === null),
  'strings/0': onlyIf((value) => typeof value === 'string'),
  'numbers/0': onlyIf((value) => typeof value === 'number'),
  'booleans/0': onlyIf((value) => typeof value === 'boolean'),
  'arrays/0': onlyIf(isList),
  'objects/0': onlyIf(isObject),
  'iterables/0': onlyIf((value) => isList(value) || isObject(value)),
  'scalars/0': onlyIf((value) => !isList(value) && !isObject(value)),
};
