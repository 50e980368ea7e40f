/** A simple jq path: `.a.b[0]["c d"][]`, several joined by `|`. Everything else of jq is reported as unsupported. */
export type JsonStep = { readonly key: string } | { readonly index: number } | { readonly each: true };

const step =
  /\s*(?:\.?\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\.?\[\s*(-?[0-9]{1,9})\s*\]|\.?\[\s*\]|\."((?:[^"\\]|\\.)*)"|\.([A-Za-z_][\w-]*)|\.(?=\s*(?:$|\||\[)))\??/y;

/** The steps of a path, or null when it is more than a path. */
export function parseJsonPath(source: string): readonly JsonStep[] | null {
  const steps: JsonStep[] = [];
  for (const part of source.trim().split('|')) {
    let at = 0;
    const text = part.trim();
    if (text === '') return null;
    while (at < text.length) {
      step.lastIndex = at;
      const match = step.exec(text);
      if (!match || match[0] === '') return null;
      const key = match[1] ?? match[3] ?? match[4];
      if (key !== undefined) steps.push({ key: key.replace(/\\(.)/g, '$1') });
      else if (match[2] !== undefined) steps.push({ index: Number(match[2]) });
      else if (match[0].includes('[')) steps.push({ each: true });
      at += match[0].length;
    }
  }
  return steps;
}

/** The values at a path, as texts: strings bare, everything else as JSON; null values are left out. */
export function readJsonPath(document: unknown, steps: readonly JsonStep[], limit: number): string[] {
  let values: unknown[] = [document];
  for (const part of steps) values = values.flatMap((value) => take(value, part)).slice(0, limit);
  return values
    .filter((value) => value !== null && value !== undefined)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
}

function take(value: unknown, part: JsonStep): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('each' in part) return Object.values(value);
  if ('index' in part) return Array.isArray(value) ? [value.at(part.index)] : [];
  return Object.entries(value).flatMap(([key, item]) => (key === part.key ? [item] : []));
}
