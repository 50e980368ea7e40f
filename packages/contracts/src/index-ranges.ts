/** Largest index that is read, and most of them in one text: what a text from outside may make us hold. */
const largestIndex = 999_999;
const mostIndexes = 200_000;

/** Indexes as a short text, `0-4,7,9-12`; the order does not matter. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b);
  const ranges: [first: number, last: number][] = [];
  for (const index of sorted) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === index - 1) range[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** Reads what `formatIndexes` writes. Total: what is no range of indexes is passed over, and too many end the list. */
export function parseIndexes(text: string): Set<number> {
  const indexes = new Set<number>();
  for (const part of text.split(',')) {
    const [, from = '', to = from] = /^([0-9]{1,6})(?:-([0-9]{1,6}))?$/.exec(part) ?? [];
    if (from === '') continue;
    const last = Math.min(Number(to), largestIndex);
    for (let index = Number(from); index <= last && indexes.size < mostIndexes; index += 1) indexes.add(index);
  }
  return indexes;
}
