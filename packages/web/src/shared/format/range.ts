import { parseRange } from '@picket/base/ip';

/** A range of addresses as people write it: `10.0.0.0-10.0.0.255` is `10.0.0.0/24`; what is no whole prefix stays as it is. */
export function formatRangeText(text: string): string {
  const range = parseRange(text);
  if (!range.ok) return text;
  const { family, first, last } = range.value;
  const size = last - first + 1n;
  const whole = size > 1n && (size & (size - 1n)) === 0n && first % size === 0n;
  if (!whole) return text;
  const width = family === 4 ? 32 : 128;
  return `${text.split(/[-/]/)[0]}/${width - (size.toString(2).length - 1)}`;
}

/** Ranges as people write them. */
export function formatRanges(texts: readonly string[], separator = ', '): string {
  return texts.map(formatRangeText).join(separator);
}
