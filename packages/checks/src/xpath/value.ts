import { type HtmlNode, textOfNode } from './html-tree.ts';

/** What an expression yields: a set of nodes in document order, or a plain value (XPath 1.0 section 1). */
export type XPathValue = string | number | boolean | readonly HtmlNode[];

/** A bound was met; never leaves `evaluateXPath`. */
export class XPathLimit extends Error {}

export function stringOf(value: XPathValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN' : String(value);
  if (typeof value === 'boolean') return String(value);
  const first = value[0];
  return first === undefined ? '' : textOfNode(first);
}

export function numberOf(value: XPathValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = stringOf(value).trim();
  return /^-?(?:[0-9]{1,300}(?:\.[0-9]*)?|\.[0-9]{1,300})$/.test(text) ? Number(text) : Number.NaN;
}

export function booleanOf(value: XPathValue): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
  return value.length > 0;
}
