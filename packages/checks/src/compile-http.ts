import type { HttpBlock, HttpRequestText, Payloads } from './check.ts';
import { fromText } from './byte-string.ts';
import { namesIn } from './dsl/parser.ts';
import { checkNames } from './template/matcher.ts';
import { compileOperators, type Operators } from './template/operators.ts';
import type { MapReader } from './template/reader.ts';
import { compileText, namesOfText, type TemplateText } from './template/text.ts';
import { isMap } from './yaml-tree.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'PURGE', 'DEBUG'];
const mostPayloads = 2000;
/** Fields that ask for something this first cut does not have: reported when they are switched on. */
const switches = ['unsafe', 'race', 'pipeline', 'self-contained', 'global-matchers', 'protocol-redirects'];

/** Compiles one entry of `http:` (or `requests:`). */
export function compileHttp(reader: MapReader): HttpBlock {
  const payloads = compilePayloads(reader);
  const requests = [...simpleRequests(reader), ...rawRequests(reader)];
  if (requests.length === 0) reader.wrong('path', 'there is neither a path nor a raw request');
  const operators = compileOperators(reader, 'body');
  for (const key of switches) {
    if (reader.flag(key)) reader.unsupported(key, `field:${key}`, 'this is not supported yet');
  }
  const redirects = [reader.flag('redirects'), reader.flag('host-redirects')].includes(true);
  const block: HttpBlock = {
    protocol: 'http',
    requests,
    payloads,
    operators,
    redirects: redirects ? 'same-host' : 'none',
    maxRedirects: Math.min(10, reader.integer('max-redirects') || 10),
    cookies: !reader.flag('disable-cookie'),
    stopAtFirstMatch: reader.flag('stop-at-first-match'),
    indexed: reader.flag('req-condition') || usesIndexed(operators),
    keepUnresolved: reader.flag('skip-variables-check'),
    maxSize: Math.min(1_048_576, reader.integer('max-size') || 1_048_576),
  };
  // Hints for another runtime's scheduling, and the older spelling of a default.
  for (const key of ['id', 'name', 'threads', 'read-all', 'cookie-reuse', 'skip-secret-file', 'disable-path-automerge'])
    reader.node(key);
  reader.finish();
  return block;
}

/** Whether the operators name a numbered answer such as `status_code_2`. */
function usesIndexed(operators: Operators): boolean {
  return operators.matchers.some(
    ({ part, test }) =>
      /_[0-9]+$/.test(part) ||
      (test.type === 'dsl' &&
        test.expressions.some((node) => [...namesIn(node).variables].some((name) => /_[0-9]+$/.test(name)))),
  );
}

/** Inline payload lists; lists in files are reported. */
export function compilePayloads(reader: MapReader): Payloads | null {
  const attack = reader.choice(['batteringram', 'pitchfork', 'clusterbomb'] as const, 'batteringram', 'attack');
  const node = reader.node('payloads');
  if (node === undefined || node === '') return null;
  if (!isMap(node)) {
    reader.wrong('payloads', 'it must be a map');
    return null;
  }
  const lists: [string, TemplateText[]][] = [];
  for (const [name, values] of Object.entries(node)) {
    const texts = typeof values === 'string' && values.includes('\n') ? values.trim().split('\n') : values;
    if (!Array.isArray(texts) || texts.some((item) => typeof item !== 'string')) {
      reader.unsupported(`payloads.${name}`, 'payload-file', 'payloads from a file are not supported yet');
      continue;
    }
    lists.push([name, texts.map((item) => text(reader, 'payloads', String(item)))]);
  }
  const most = attack === 'clusterbomb' ? lists.reduce((product, [, list]) => product * list.length, 1) : 0;
  if (Math.max(most, ...lists.map(([, list]) => list.length)) > mostPayloads) {
    reader.unsupported('payloads', 'payload-count', `more than ${mostPayloads} combinations are not run`);
  }
  return { attack, lists };
}

/** Compiles a text and reports what is unknown in it. */
export function text(reader: MapReader, key: string, source: string): TemplateText {
  const compiled = compileText(source.replace(/§([A-Za-z_]\w*)§/g, '{{$1}}'));
  checkNames(reader, key, namesOfText(compiled));
  return compiled;
}

function simpleRequests(reader: MapReader): HttpRequestText[] {
  const method = (reader.text('method') ?? 'GET').trim().toUpperCase();
  if (!methods.includes(method)) reader.wrong('method', `"${method.slice(0, 20)}" is not a method`);
  const body = reader.text('body');
  const node = reader.node('headers');
  const headers = Object.entries(isMap(node) ? node : {}).map(
    ([name, value]) => [name, text(reader, 'headers', typeof value === 'string' ? value : '')] as const,
  );
  return reader.texts('path').map((path) => ({
    method,
    target: text(reader, 'path', path),
    headers,
    body: body === undefined ? null : text(reader, 'body', body),
    timeoutMs: null,
  }));
}

function rawRequests(reader: MapReader): HttpRequestText[] {
  return reader.texts('raw').flatMap((source, index) => rawRequest(reader, `raw[${index}]`, source) ?? []);
}

/** Splits `METHOD target HTTP/1.1`, header lines, a blank line and a body. Lines that start with `@` are annotations. */
function rawRequest(reader: MapReader, key: string, source: string): HttpRequestText | null {
  const lines = source.replace(/^\s+/, '').split('\n');
  let timeoutMs: number | null = null;
  while (lines[0]?.startsWith('@')) timeoutMs = annotation(reader, key, lines.shift() ?? '') ?? timeoutMs;
  const start = /^([A-Z]{3,10})\s+(\S.*?)?(?:\s+HTTP\/[0-9.]+)?\s*$/.exec(lines.shift()?.trimEnd() ?? '');
  if (!start) {
    reader.unsupported(key, 'raw-request-line', 'the request line is not METHOD TARGET HTTP/1.1');
    return null;
  }
  const headers: (readonly [string, TemplateText])[] = [];
  while (lines.length > 0 && lines[0]?.trim() !== '') {
    const header = /^([^:\s]+)\s*:\s?(.*?)\s*$/.exec(lines.shift() ?? '');
    if (header) headers.push([header[1] ?? '', text(reader, key, header[2] ?? '')]);
    else reader.unsupported(key, 'raw-header', 'a header line without a colon needs malformed requests');
  }
  lines.shift();
  const body = lines.join('\n').replace(/\r?\n$/, '');
  return {
    method: start[1] ?? 'GET',
    target: text(reader, key, start[2] ?? '/'),
    headers,
    body: body === '' ? null : text(reader, key, body),
    timeoutMs,
  };
}

function annotation(reader: MapReader, key: string, line: string): number | null {
  const timeout = /^@timeout:?\s*([0-9]{1,4})(ms|s|m)?\s*$/i.exec(line);
  if (timeout) return Number(timeout[1]) * ({ ms: 1, m: 60_000 }[timeout[2]?.toLowerCase() ?? ''] ?? 1000);
  // `@once` only says that payloads do not change this request: sending it again does no harm.
  if (/^@once/i.test(line)) return null;
  reader.unsupported(key, `annotation:${line.split(/[:\s]/)[0]?.slice(0, 20)}`, 'this annotation is not supported yet');
  return null;
}

/** The literal start of a text: what safety rules can see without values. */
export function literalOf(value: TemplateText | null): string {
  if (value === null) return '';
  if ('literal' in value) return value.literal;
  const node = value.node;
  return node.kind === 'call'
    ? node.args.map((arg) => (arg.kind === 'string' ? fromText(arg.value) : '')).join('')
    : '';
}
