import { type ByteString, fromText, toText } from '../byte-string.ts';
import { evaluateXPath } from '../xpath/evaluate.ts';
import { parseHtml, textOfNode } from '../xpath/html-tree.ts';
import { parseXPath, type XPathNode } from '../xpath/parser.ts';
import { stringOf, type XPathValue } from '../xpath/value.ts';
import type { MapReader } from './reader.ts';

/** A path of a matcher or extractor. */
export type PagePath = XPathNode;

/** Nodes that are read out, and characters of each: nested ones repeat their text. */
const mostNodes = 100;
const longestText = 65_536;

/** Reads one path; what is not supported in it goes to the reader's problems. */
export function compilePath(reader: MapReader, source: string): PagePath[] {
  const parsed = parseXPath(source);
  if (!parsed.ok) reader.unsupported('xpath', 'xpath', `"${source.slice(0, 60)}": ${parsed.error}`);
  return parsed.ok ? [parsed.value] : [];
}

/** Whether a page has something at a path; a path that yields a truth value says it itself. */
export function isAt(path: PagePath, page: ByteString): boolean {
  const value = valueAt(path, page);
  if (value === null || typeof value === 'boolean') return value === true;
  return typeof value === 'number' || value.length > 0;
}

/** The texts at a path of a page, or an attribute of the elements there. */
export function textsAt(path: PagePath, page: ByteString, attribute: string | null): ByteString[] {
  const value = valueAt(path, page);
  if (value === null) return [];
  if (!Array.isArray(value)) return [fromText(stringOf(value))];
  return value.slice(0, mostNodes).flatMap((node) => {
    if (attribute === null) return [fromText(textOfNode(node).slice(0, longestText))];
    const own = node.kind === 'element' ? node.attributes.get(attribute) : undefined;
    return own === undefined ? [] : [fromText(own)];
  });
}

function valueAt(path: PagePath, page: ByteString): XPathValue | null {
  const text = toText(page);
  return evaluateXPath(path, parseHtml(text, text.trimStart().startsWith('<?xml')));
}
