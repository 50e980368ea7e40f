/** A value of JSON (RFC 8259). */
export type JqValue = null | boolean | number | string | readonly JqValue[] | JqObject;
export interface JqObject {
  readonly [key: string]: JqValue;
}

/** An error of a filter, which `try` and `?` catch. Never leaves `runJq`. */
export class JqFault extends Error {}

/** A bound was met: nothing catches it but `runJq`. */
export class JqLimit extends Error {}

export function isObject(value: JqValue): value is JqObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: JqValue): value is readonly JqValue[] {
  return Array.isArray(value);
}

export const truthy = (value: JqValue): boolean => value !== null && value !== false;

/** The names of jq's `type`. */
export function typeName(value: JqValue): string {
  if (value === null) return 'null';
  return isList(value) ? 'array' : typeof value;
}

const order = ['null', 'false', 'true', 'number', 'string', 'array', 'object'];
const rank = (value: JqValue) => order.indexOf(typeof value === 'boolean' ? String(value) : typeName(value));

/** jq's order of all values: by type, then by content. Strings by code point. */
export function compareValues(a: JqValue, b: JqValue): number {
  const byType = rank(a) - rank(b);
  if (byType !== 0) return byType;
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (isList(a) && isList(b)) return compareLists(a, b);
  if (!isObject(a) || !isObject(b)) return 0;
  const [left, right] = [sortedKeys(a), sortedKeys(b)];
  const byKeys = compareLists(left, right);
  if (byKeys !== 0) return byKeys;
  return compareLists(
    left.map((key) => a[key] ?? null),
    right.map((key) => b[key] ?? null),
  );
}

function compareLists(a: readonly JqValue[], b: readonly JqValue[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const item = compareValues(a[at] ?? null, b[at] ?? null);
    if (item !== 0) return item;
  }
  return a.length - b.length;
}

function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export function sortedKeys(value: JqObject): string[] {
  return Object.keys(value).sort(compareTexts);
}

export const sameValue = (a: JqValue, b: JqValue): boolean => compareValues(a, b) === 0;

/** Text of a value: a string as it is, everything else as JSON. */
export function textOfValue(value: JqValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
