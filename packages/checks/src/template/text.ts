import type { ByteString } from '../byte-string.ts';
import { fromText } from '../byte-string.ts';
import { evaluate } from '../dsl/evaluate.ts';
import { type DslNode, namesIn, parseDsl } from '../dsl/parser.ts';
import { type DslAmbient, type DslScope, textOf } from '../dsl/value.ts';

/**
 * A text of a template with its `{{…}}` markers, parsed once from the template. Values that are put in are never parsed
 * again, so what a target answers cannot become an expression.
 */
export type TemplateText = { readonly literal: ByteString } | { readonly node: DslNode };

/** Compiles a text. A marker that is no expression, or only constants (`{{7*7}}`), stays as it is written. */
export function compileText(source: string): TemplateText {
  const node = interpolated(source, 0);
  return node === null ? { literal: fromText(source) } : { node };
}

/** What a text says before its first marker. */
export function beginOf(text: TemplateText): ByteString {
  if ('literal' in text) return text.literal;
  const first = text.node.kind === 'call' ? text.node.args[0] : undefined;
  return first?.kind === 'string' ? fromText(first.value) : '';
}

/** The text with its values, or the name of the first variable that has none. */
export function renderText(
  text: TemplateText,
  scope: DslScope,
  ambient: DslAmbient,
): { text: ByteString } | { missing: string } {
  if ('literal' in text) return { text: text.literal };
  const value = evaluate(text.node, scope, ambient);
  if (value.ok) return { text: textOf(value.value) };
  return { missing: value.error.missing ?? value.error.reason };
}

/** A DSL expression of a template: like `parseDsl`, but `{{name}}` may stand for a variable inside and outside of quotes. */
export function compileExpression(source: string): ReturnType<typeof parseDsl> {
  const parsed = parseDsl(source.replace(/(^|[^'"\w])\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g, '$1$2'));
  return parsed.ok ? { ok: true, value: lifted(parsed.value, 0) } : parsed;
}

/** A text with markers as a `concat` call, or null when it has none. */
function interpolated(source: string, depth: number): DslNode | null {
  if (!source.includes('{{') || depth > 4) return null;
  const args: DslNode[] = [];
  let literal = '';
  let dynamic = false;
  let at = 0;
  while (at < source.length) {
    const marker = source.startsWith('{{', at) ? readMarker(source, at, depth) : null;
    if (marker === null) {
      const next = source.indexOf('{{', at + 1);
      literal += source.slice(at, next < 0 ? source.length : next);
      at = next < 0 ? source.length : next;
      continue;
    }
    if (literal !== '') args.push({ kind: 'string', value: literal });
    literal = '';
    args.push(marker.node);
    dynamic = true;
    at = marker.next;
  }
  if (!dynamic) return null;
  if (literal !== '') args.push({ kind: 'string', value: literal });
  return { kind: 'call', name: 'concat', args };
}

/** The first `}}` after which the inside parses: expressions may hold texts with braces. */
function readMarker(source: string, at: number, depth: number): { node: DslNode; next: number } | null {
  let end = source.indexOf('}}', at + 2);
  for (let attempts = 0; end >= 0 && attempts < 4; attempts += 1) {
    const inside = source.slice(at + 2, end).trim();
    const node = markerNode(inside, depth);
    if (node !== null) return { node, next: end + 2 };
    end = source.indexOf('}}', end + 1);
  }
  return null;
}

function markerNode(inside: string, depth: number): DslNode | null {
  // Names with dashes (`interactsh-url`) are variables, not subtractions.
  if (/^[A-Za-z_][\w.-]*$/.test(inside)) return { kind: 'variable', name: inside };
  const parsed = parseDsl(inside);
  if (!parsed.ok) return null;
  const names = namesIn(parsed.value);
  return names.functions.size + names.variables.size === 0 ? null : lifted(parsed.value, depth + 1);
}

/** Texts inside an expression that hold markers themselves become `concat` calls. */
function lifted(node: DslNode, depth: number): DslNode {
  switch (node.kind) {
    case 'string':
      return interpolated(node.value, depth) ?? node;
    case 'list':
      return { ...node, items: node.items.map((item) => lifted(item, depth)) };
    case 'call':
      return { ...node, args: node.args.map((arg) => lifted(arg, depth)) };
    case 'unary':
      return { ...node, operand: lifted(node.operand, depth) };
    case 'binary':
      return { ...node, left: lifted(node.left, depth), right: lifted(node.right, depth) };
    case 'choice':
      return {
        ...node,
        condition: lifted(node.condition, depth),
        yes: lifted(node.yes, depth),
        no: node.no && lifted(node.no, depth),
      };
    default:
      return node;
  }
}

/** Variables and functions that a text needs. */
export function namesOfText(text: TemplateText): ReturnType<typeof namesIn> {
  return 'node' in text ? namesIn(text.node) : { variables: new Set(), functions: new Set() };
}
