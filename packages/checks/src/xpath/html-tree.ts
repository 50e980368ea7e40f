import { ownValue } from '@picket/base/own-value';
/** A node of a parsed page. `attribute` nodes stand for themselves when a path ends in one. */
export type HtmlNode =
  | ElementNode
  | { readonly kind: 'text'; readonly text: string; readonly parent: ElementNode }
  | { readonly kind: 'attribute'; readonly name: string; readonly text: string; readonly parent: ElementNode };

export interface ElementNode {
  readonly kind: 'element';
  /** Lower case; empty for the root above the page. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: HtmlNode[];
  readonly parent: ElementNode | null;
  /** Place in the document. */
  readonly order: number;
}

/** Pages are hostile input: what is beyond these bounds is left out. */
export const htmlLimits = { characters: 1_048_576, nodes: 20_000, depth: 200, attributes: 64 } as const;

const voids = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'param',
  'source',
  'track',
  'wbr',
]);
/** Elements whose content is text up to their end tag (HTML 13.2.5, "RAWTEXT", "RCDATA" and script data). */
const rawTexts = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noframes']);
const headOnly = new Set(['base', 'link', 'meta', 'title', 'style', 'script']);
/** A start tag ends open elements of these names, up to the nearest of the others (HTML 13.1.2.4). */
const endsOpen: Readonly<Record<string, { readonly ends: readonly string[]; readonly upTo: readonly string[] }>> = {
  li: { ends: ['li'], upTo: ['ul', 'ol', 'menu'] },
  dt: { ends: ['dt', 'dd'], upTo: ['dl'] },
  dd: { ends: ['dt', 'dd'], upTo: ['dl'] },
  option: { ends: ['option'], upTo: ['select', 'datalist'] },
  optgroup: { ends: ['option', 'optgroup'], upTo: ['select'] },
  tr: { ends: ['tr', 'td', 'th'], upTo: ['table', 'tbody', 'thead', 'tfoot'] },
  td: { ends: ['td', 'th'], upTo: ['tr', 'table'] },
  th: { ends: ['td', 'th'], upTo: ['tr', 'table'] },
  tbody: { ends: ['tbody', 'thead', 'tfoot', 'tr', 'td', 'th'], upTo: ['table'] },
  thead: { ends: ['tbody', 'thead', 'tfoot', 'tr', 'td', 'th'], upTo: ['table'] },
  tfoot: { ends: ['tbody', 'thead', 'tfoot', 'tr', 'td', 'th'], upTo: ['table'] },
};
const endsParagraph = new Set(
  'address article aside blockquote div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul'.split(
    ' ',
  ),
);

/**
 * Reads a page into a tree: start and end tags, attributes, character references, raw text elements, tags that may be left out
 * (`html`, `head`, `body`, `tbody`, and the ends that HTML 13.1.2.4 lists). Formatting that is closed in the wrong order is not
 * put right. `xml`: names keep their case and nothing is implied. Total, in linear time.
 */
export function parseHtml(source: string, xml = false): ElementNode {
  const builder = new TreeBuilder(xml);
  const text = source.slice(0, htmlLimits.characters);
  let at = 0;
  while (at < text.length && !builder.full) {
    const open = text.indexOf('<', at);
    if (open < 0) break;
    if (open > at) builder.text(text.slice(at, open));
    at = readMarkup(text, open, builder);
  }
  if (at < text.length && !builder.full) builder.text(text.slice(at));
  return builder.root;
}

const tagName = /[A-Za-z][^\s/>]{0,100}/y;

/** Reads what begins with `<`; the index after it. */
function readMarkup(text: string, open: number, builder: TreeBuilder): number {
  const after = (mark: string, from: number) => {
    const end = text.indexOf(mark, from);
    return end < 0 ? text.length : end + mark.length;
  };
  if (text.startsWith('<!--', open)) return after('-->', open + 4);
  if (text.startsWith('<![CDATA[', open)) {
    const end = after(']]>', open + 9);
    builder.text(text.slice(open + 9, end - 3));
    return end;
  }
  if (text.startsWith('<!', open) || text.startsWith('<?', open)) return after('>', open + 2);
  const closing = text.startsWith('</', open);
  tagName.lastIndex = open + (closing ? 2 : 1);
  const name = tagName.exec(text)?.[0];
  if (name === undefined) {
    builder.text('<');
    return open + 1;
  }
  const start = open + (closing ? 2 : 1) + name.length;
  if (closing) {
    builder.end(name);
    return after('>', start);
  }
  const read = readAttributes(text, start);
  const plain = builder.start(name, read.attributes, read.selfClosing);
  if (plain === null) return read.next;
  const end = endOfRaw(text, read.next, plain);
  builder.text(text.slice(read.next, end));
  return end;
}

/** Where the end tag of a raw text element begins. */
function endOfRaw(text: string, from: number, name: string): number {
  for (let at = text.indexOf('</', from); at >= 0; at = text.indexOf('</', at + 2)) {
    if (text.slice(at + 2, at + 2 + name.length).toLowerCase() === name) return at;
  }
  return text.length;
}

const attributeName = /[^\s=>/"'<]{1,200}/y;

function readAttributes(
  text: string,
  from: number,
): { attributes: Map<string, string>; next: number; selfClosing: boolean } {
  const attributes = new Map<string, string>();
  let at = from;
  let selfClosing = false;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '>') return { attributes, next: at + 1, selfClosing };
    attributeName.lastIndex = at;
    const name = attributeName.exec(text)?.[0];
    if (name === undefined) {
      selfClosing = character === '/';
      at += 1;
      continue;
    }
    const value = readValue(text, at + name.length);
    if (attributes.size < htmlLimits.attributes && !attributes.has(name)) attributes.set(name, unescape(value.text));
    at = value.next;
    selfClosing = false;
  }
  return { attributes, next: text.length, selfClosing };
}

const equals = /\s*=\s*/y;
const bareValue = /[^\s>]*/y;

function readValue(text: string, from: number): { text: string; next: number } {
  equals.lastIndex = from;
  const sign = equals.exec(text)?.[0];
  if (sign === undefined) return { text: '', next: from };
  const at = from + sign.length;
  const quote = text.charAt(at);
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, at + 1);
    return end < 0 ? { text: text.slice(at + 1), next: text.length } : { text: text.slice(at + 1, end), next: end + 1 };
  }
  bareValue.lastIndex = at;
  const value = bareValue.exec(text)?.[0] ?? '';
  return { text: value, next: at + value.length };
}

const references: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '\u00a9',
  reg: '\u00ae',
};

function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/g, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return ownValue(references, name) ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code === 0 || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  });
}

class TreeBuilder {
  readonly root: ElementNode = {
    kind: 'element',
    name: '',
    attributes: new Map(),
    children: [],
    parent: null,
    order: 0,
  };
  readonly #xml: boolean;
  readonly #open: ElementNode[] = [this.root];
  #nodes = 1;

  constructor(xml: boolean) {
    this.#xml = xml;
  }

  get full(): boolean {
    return this.#nodes >= htmlLimits.nodes;
  }

  text(text: string): void {
    const blank = text.trim() === '';
    if (text === '' || (blank && this.#top().name.length < 5 && ['', 'html', 'head'].includes(this.#top().name)))
      return;
    if (!this.#xml && ['', 'html', 'head'].includes(this.#top().name)) this.#inBody();
    const parent = this.#top();
    const raw = parent.name === 'script' || parent.name === 'style';
    this.#nodes += 1;
    parent.children.push({ kind: 'text', text: raw ? text : unescape(text), parent });
  }

  /** Opens an element. The name of a raw text element, whose content is to be read as text; else null. */
  start(written: string, attributes: ReadonlyMap<string, string>, selfClosing: boolean): string | null {
    const name = this.#xml ? written : written.toLowerCase();
    const own = this.#xml ? attributes : new Map([...attributes].map(([key, value]) => [key.toLowerCase(), value]));
    if (this.#xml) {
      this.#push(name, own, !selfClosing);
      return null;
    }
    if (['html', 'head', 'body'].includes(name)) {
      this.#frame(name, own);
      return null;
    }
    this.#place(name);
    this.#push(name, own, !voids.has(name));
    return rawTexts.has(name) && this.#top().name === name ? name : null;
  }

  end(written: string): void {
    const name = this.#xml ? written : written.toLowerCase();
    if (!this.#xml && ['html', 'body'].includes(name)) return;
    const at = this.#open.findLastIndex((element) => element.name === name);
    // A stray end tag must not close a table or the page around it.
    if (at > 0) this.#open.length = at;
  }

  #frame(name: string, attributes: ReadonlyMap<string, string>): void {
    const found = this.#open.find((element) => element.name === name);
    if (found) return;
    if (name !== 'html') this.#ensure('html');
    if (name === 'body') this.#close('head');
    if (name !== 'html' && this.#top().name !== 'html') return;
    this.#push(name, attributes, true);
  }

  #place(name: string): void {
    this.#ensure('html');
    if (headOnly.has(name) && this.#top().name === 'html' && !this.#has('body')) this.#ensureHead();
    else if (!(headOnly.has(name) && this.#top().name === 'head')) this.#inBody();
    if (endsParagraph.has(name)) this.#closeWithin('p', ['table', 'td', 'th', 'div', 'form', 'section', 'li', 'body']);
    const rule = ownValue(endsOpen, name);
    if (rule) for (const ended of rule.ends) this.#closeWithin(ended, rule.upTo);
    if (name === 'tr' && this.#top().name === 'table') this.#push('tbody', new Map(), true);
  }

  #ensureHead(): void {
    if (!this.#top().children.some((child) => child.kind === 'element' && child.name === 'body'))
      this.#push('head', new Map(), true);
  }

  #inBody(): void {
    this.#ensure('html');
    this.#close('head');
    if (this.#has('body')) return;
    this.#push('body', new Map(), true);
  }

  #ensure(name: string): void {
    if (!this.#has(name)) this.#push(name, new Map(), true);
  }

  #has(name: string): boolean {
    return this.#open.some((element) => element.name === name);
  }

  #close(name: string): void {
    const at = this.#open.findLastIndex((element) => element.name === name);
    if (at > 0) this.#open.length = at;
  }

  #closeWithin(name: string, upTo: readonly string[]): void {
    for (let at = this.#open.length - 1; at > 0; at -= 1) {
      const open = this.#open[at]?.name ?? '';
      if (open === name) this.#open.length = at;
      if (open === name || upTo.includes(open)) return;
    }
  }

  #top(): ElementNode {
    return this.#open.at(-1) ?? this.root;
  }

  #push(name: string, attributes: ReadonlyMap<string, string>, opens: boolean): void {
    const parent = this.#top();
    const element: ElementNode = { kind: 'element', name, attributes, children: [], parent, order: this.#nodes };
    this.#nodes += 1;
    parent.children.push(element);
    // What nests deeper than the bound becomes a row of siblings there.
    if (opens && this.#open.length < htmlLimits.depth) this.#open.push(element);
  }
}

/** All text in a node, in order. */
export function textOfNode(node: HtmlNode): string {
  if (node.kind !== 'element') return node.text;
  return node.children.map(textOfNode).join('');
}
