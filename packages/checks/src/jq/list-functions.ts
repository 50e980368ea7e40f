import { addValues } from './arithmetic.ts';
import { firstOf, type JqCaller, type JqFunction, listOf, numberIn, ofInput, ofValues } from './function.ts';
import type { JqNode } from './node.ts';
import { compareValues, isList, isObject, JqFault, type JqValue, sameValue, sortedKeys, truthy } from './value.ts';

const node = (args: readonly JqNode[], at: number): JqNode => args[at] ?? { kind: 'identity' };

/** The values that `.[]` gives. */
export function itemsOf(value: JqValue): readonly JqValue[] {
  if (isList(value)) return value;
  if (isObject(value)) return Object.values(value);
  throw new JqFault('only arrays and objects have values');
}

const keysOf = (value: JqValue): JqValue =>
  isObject(value) ? sortedKeys(value) : listOf(value).map((_item, index) => index);

function* map(input: JqValue, args: readonly JqNode[], caller: JqCaller): Iterable<JqValue> {
  yield itemsOf(input).flatMap((item) => [...caller.run(node(args, 0), item)]);
}

/** Items with what a filter says of each, in the order of that. */
function ranked(input: JqValue, by: JqNode, caller: JqCaller): { item: JqValue; key: JqValue }[] {
  return listOf(input)
    .map((item) => ({ item, key: [...caller.run(by, item)] as JqValue }))
    .sort((a, b) => compareValues(a.key, b.key));
}

function groups(input: JqValue, by: JqNode, caller: JqCaller): JqValue[][] {
  const found: { key: JqValue; items: JqValue[] }[] = [];
  for (const { item, key } of ranked(input, by, caller)) {
    const last = found.at(-1);
    if (last && sameValue(last.key, key)) last.items.push(item);
    else found.push({ key, items: [item] });
  }
  return found.map(({ items }) => items);
}

const self: JqNode = { kind: 'identity' };
const by =
  (pick: (input: JqValue, filter: JqNode, caller: JqCaller) => JqValue, fixed?: JqNode): JqFunction =>
  (input, args, caller) => [pick(input, fixed ?? node(args, 0), caller)];

const sortBy = by((input, filter, caller) => ranked(input, filter, caller).map(({ item }) => item));
const uniqueOf = (input: JqValue, filter: JqNode, caller: JqCaller) =>
  groups(input, filter, caller).map((group) => group[0] ?? null);
const leastOf = (input: JqValue, filter: JqNode, caller: JqCaller) => ranked(input, filter, caller)[0]?.item ?? null;
const mostOf = (input: JqValue, filter: JqNode, caller: JqCaller) => ranked(input, filter, caller).at(-1)?.item ?? null;

function flatten(value: readonly JqValue[], depth: number): JqValue[] {
  return value.flatMap((item) => (isList(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

/** jq's `contains`: substrings, and parts of arrays and objects. */
function contains(whole: JqValue, part: JqValue): boolean {
  if (typeof whole === 'string' && typeof part === 'string') return whole.includes(part);
  if (isList(whole) && isList(part)) return part.every((item) => whole.some((own) => contains(own, item)));
  if (isObject(whole) && isObject(part))
    return Object.entries(part).every(([key, item]) => Object.hasOwn(whole, key) && contains(whole[key] ?? null, item));
  return sameValue(whole, part);
}

function has(value: JqValue, key: JqValue): boolean {
  if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key);
  if (isList(value) && typeof key === 'number') return key >= 0 && key < value.length;
  throw new JqFault('has needs an object and a key, or an array and an index');
}

function fromEntries(input: JqValue): JqValue {
  const entries = listOf(input).map((entry): [string, JqValue] => {
    if (!isObject(entry)) throw new JqFault('an entry is an object');
    const key = ['key', 'k', 'name', 'Name', 'K', 'Key'].map((name) => entry[name]).find((item) => item !== undefined);
    const value = ['value', 'v', 'Value', 'V'].map((name) => entry[name]).find((item) => item !== undefined);
    return [typeof key === 'string' ? key : JSON.stringify(key ?? null), value ?? null];
  });
  return Object.fromEntries(entries);
}

function toEntries(input: JqValue): JqValue[] {
  if (!isObject(input)) throw new JqFault('to_entries needs an object');
  return Object.entries(input).map(([key, value]) => ({ key, value }));
}

function mapValues(input: JqValue, args: readonly JqNode[], caller: JqCaller): Iterable<JqValue> {
  if (isList(input)) return [input.flatMap((item) => firstOf(caller.run(node(args, 0), item)) ?? [])];
  if (!isObject(input)) throw new JqFault('map_values needs an array or an object');
  const entries = Object.entries(input).flatMap(([key, value]): [string, JqValue][] => {
    const first = firstOf(caller.run(node(args, 0), value));
    return first === undefined ? [] : [[key, first]];
  });
  return [Object.fromEntries(entries)];
}

function withEntries(input: JqValue, args: readonly JqNode[], caller: JqCaller): Iterable<JqValue> {
  return [fromEntries(toEntries(input).flatMap((entry) => [...caller.run(node(args, 0), entry)]))];
}

const quantifier =
  (every: boolean): JqFunction =>
  (input, args, caller) => {
    const source = args.length === 2 ? [...caller.run(node(args, 0), input)] : itemsOf(input);
    const test = args.length === 0 ? self : node(args, args.length - 1);
    const holds = (item: JqValue) => [...caller.run(test, item)].some(truthy);
    return [every ? source.every(holds) : source.some(holds)];
  };

function valueAt(input: JqValue, path: JqValue): JqValue {
  return listOf(path).reduce<JqValue>((value, key) => {
    if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key) ? (value[key] ?? null) : null;
    return isList(value) && typeof key === 'number' ? (value.at(key) ?? null) : null;
  }, input);
}

function* paths(value: JqValue, caller: JqCaller, path: readonly JqValue[] = []): Iterable<JqValue> {
  caller.meter.step();
  if (path.length > 0) yield path;
  if (path.length > 200) return;
  if (isList(value)) for (const [index, item] of value.entries()) yield* paths(item, caller, [...path, index]);
  else if (isObject(value)) for (const [key, item] of Object.entries(value)) yield* paths(item, caller, [...path, key]);
}

function transpose(input: JqValue): JqValue {
  const rows = listOf(input).map(listOf);
  const width = Math.max(0, ...rows.map((each) => each.length));
  return Array.from({ length: width }, (_, at) => rows.map((each) => each[at] ?? null));
}

/** Functions of arrays and objects, by name and number of arguments (jq manual, "Builtin operators and functions"). */
export const listFunctions: Readonly<Record<string, JqFunction>> = {
  'map/1': map,
  'map_values/1': mapValues,
  'keys/0': ofInput(keysOf),
  'keys_unsorted/0': ofInput((input) => (isObject(input) ? Object.keys(input) : keysOf(input))),
  'has/1': ofValues((input, [key]) => has(input, key ?? null)),
  'in/1': ofValues((input, [whole]) => has(whole ?? null, input)),
  'contains/1': ofValues((input, [part]) => contains(input, part ?? null)),
  'inside/1': ofValues((input, [whole]) => contains(whole ?? null, input)),
  'to_entries/0': ofInput(toEntries),
  'from_entries/0': ofInput(fromEntries),
  'with_entries/1': withEntries,
  'add/0': ofInput((input) => itemsOf(input).reduce<JqValue>(addValues, null)),
  'add/1': (input, args, caller) => [[...caller.run(node(args, 0), input)].reduce<JqValue>(addValues, null)],
  'any/0': quantifier(false),
  'any/1': quantifier(false),
  'any/2': quantifier(false),
  'all/0': quantifier(true),
  'all/1': quantifier(true),
  'all/2': quantifier(true),
  'flatten/0': ofInput((input) => flatten(listOf(input), 100)),
  'flatten/1': ofValues((input, [depth]) => flatten(listOf(input), Math.min(100, numberIn(depth ?? 0)))),
  'sort/0': ofInput((input) => [...listOf(input)].sort(compareValues)),
  'sort_by/1': sortBy,
  'group_by/1': by(groups),
  'unique/0': by(uniqueOf, self),
  'unique_by/1': by(uniqueOf),
  'min/0': by(leastOf, self),
  'min_by/1': by(leastOf),
  'max/0': by(mostOf, self),
  'max_by/1': by(mostOf),
  'reverse/0': ofInput((input) =>
    typeof input === 'string' ? [...input].reverse().join('') : input === null ? [] : [...listOf(input)].reverse(),
  ),
  'transpose/0': ofInput(transpose),
  'getpath/1': ofValues((input, [path]) => valueAt(input, path ?? null)),
  'paths/0': (input, _args, caller) => paths(input, caller),
};
