/** A stretch of time, milliseconds; `to` is not part of it. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Ascending and apart: what overlaps or touches becomes one. */
export function unionSpans(spans: readonly TimeSpan[]): readonly TimeSpan[] {
  const merged: { from: number; to: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    if (span.to <= span.from) continue;
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

/** What is in one of the first and in none of the second. Both ascending and apart. */
export function subtractSpans(spans: readonly TimeSpan[], without: readonly TimeSpan[]): readonly TimeSpan[] {
  return spans.flatMap((span) => {
    const left: TimeSpan[] = [];
    let from = span.from;
    for (const hole of without) {
      if (hole.to <= from || hole.from >= span.to) continue;
      if (hole.from > from) left.push({ from, to: hole.from });
      from = Math.max(from, hole.to);
    }
    if (from < span.to) left.push({ from, to: span.to });
    return left;
  });
}
