import { formatRangeText } from '../format/range.ts';

/** Address ranges, one a line. */
export function RangeLines({ ranges }: { ranges: readonly string[] }) {
  return ranges.map((range) => (
    <div key={range} className="pk-mono">
      {formatRangeText(range)}
    </div>
  ));
}
