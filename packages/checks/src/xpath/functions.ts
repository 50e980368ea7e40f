import type { XPathContext } from './evaluate.ts';
import type { HtmlNode } from './html-tree.ts';
import { booleanOf, numberOf, stringOf, type XPathValue } from './value.ts';

/** Calls a function of `functionArity` (XPath 1.0 section 4; `ends-with`, `lower-case` and `upper-case` are of 2.0). */
export function callFunction(name: string, args: readonly XPathValue[], context: XPathContext): XPathValue {
  const own: XPathValue = args[0] ?? [context.node];
  const text = (at: number) => stringOf(args[at] ?? '');
  switch (name) {
    case 'last':
      return context.size;
    case 'position':
      return context.position;
    case 'count':
      return Array.isArray(own) ? own.length : 0;
    case 'name':
    case 'local-name':
      return nameOf(own);
    case 'string':
      return stringOf(own);
    case 'concat':
      return args.map(stringOf).join('');
    case 'starts-with':
      return text(0).startsWith(text(1));
    case 'ends-with':
      return text(0).endsWith(text(1));
    case 'contains':
      return anyText(args[0] ?? '').some((each) => each.includes(text(1)));
    case 'substring-before':
      return text(0).includes(text(1)) ? text(0).slice(0, text(0).indexOf(text(1))) : '';
    case 'substring-after':
      return text(0).includes(text(1)) ? text(0).slice(text(0).indexOf(text(1)) + text(1).length) : '';
    case 'substring':
      return substring(text(0), numberOf(args[1] ?? 1), args[2] === undefined ? null : numberOf(args[2]));
    case 'string-length':
      return [...stringOf(own)].length;
    case 'normalize-space':
      return stringOf(own).trim().replace(/\s+/g, ' ');
    case 'translate':
      return translate(text(0), [...text(1)], [...text(2)]);
    case 'lower-case':
      return text(0).toLowerCase();
    case 'upper-case':
      return text(0).toUpperCase();
    case 'boolean':
      return booleanOf(own);
    case 'not':
      return !booleanOf(own);
    case 'true':
      return true;
    case 'number':
      return numberOf(own);
    case 'sum':
      return Array.isArray(own) ? own.reduce((total, node) => total + numberOf([node]), 0) : Number.NaN;
    case 'floor':
      return Math.floor(numberOf(own));
    case 'ceiling':
      return Math.ceil(numberOf(own));
    case 'round':
      return Math.round(numberOf(own));
    default:
      return false;
  }
}

/** The runtimes of the format look at every text node that `contains(text(), …)` names, not at the first alone. */
function anyText(value: XPathValue): string[] {
  return Array.isArray(value) ? value.map((node: HtmlNode) => stringOf([node])) : [stringOf(value)];
}

function nameOf(value: XPathValue): string {
  const node = Array.isArray(value) ? value[0] : undefined;
  return node === undefined || node.kind === 'text' ? '' : node.name;
}

/** Positions count from 1 and are rounded (section 4.2). */
function substring(text: string, start: number, length: number | null): string {
  const from = Math.round(start);
  const to = length === null ? Number.POSITIVE_INFINITY : from + Math.round(length);
  return [...text].filter((_character, index) => index + 1 >= from && index + 1 < to).join('');
}

function translate(text: string, from: readonly string[], to: readonly string[]): string {
  const map = new Map(from.map((character, index) => [character, to[index] ?? '']));
  return [...text].map((character) => map.get(character) ?? character).join('');
}
