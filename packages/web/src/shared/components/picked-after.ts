/** The picked rows after some more were picked, or put back. Pure. */
export function pickedAfter(
  before: ReadonlySet<string | number>,
  keys: readonly (string | number)[],
  on: boolean,
): ReadonlySet<string | number> {
  const changed = new Set(keys);
  return on ? before.union(changed) : before.difference(changed);
}
