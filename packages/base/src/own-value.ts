/**
 * The value that a table has for a key from outside; undefined for one that it only inherits, such as `constructor` or `toString`: a page, a
 * certificate or a template may name any key.
 */
export function ownValue<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
