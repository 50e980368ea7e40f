import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/**
 * The line (from 1) on which a template has what a path such as `http[0].matchers[1].type` names, or the nearest thing above it;
 * null when the text is no YAML. Costs a parse: for the reports of bad templates only.
 */
export function problemLine(source: string, path: string): number | null {
  const lines = new LineCounter();
  const document = parseDocument(source, {
    schema: 'failsafe',
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: 'silent',
  });
  let node: unknown = document.contents;
  let offset: number | null = null;
  for (const part of path.match(/[^.[\]]+/g) ?? []) {
    const next = child(node, part);
    if (next === null) break;
    offset = next.offset;
    node = next.node;
  }
  return offset === null ? null : lines.linePos(offset).line;
}

/** One step down: the value, and where its key (or the item) begins. */
function child(node: unknown, part: string): { node: unknown; offset: number } | null {
  if (isMap(node)) {
    // The last of equal keys is the one that counts.
    const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === part);
    if (!pair || !isNode(pair.key)) return null;
    return { node: pair.value, offset: startOf(pair.key) };
  }
  const item = isSeq(node) ? node.items[Number(part)] : undefined;
  return isNode(item) ? { node: item, offset: startOf(item) } : null;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
