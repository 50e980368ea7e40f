import { text } from '../../template/checked-text.ts';
import type { MapReader } from '../../template/reader.ts';
import type { TemplateText } from '../../template/text.ts';
import type { HttpRequestText } from './http-block.ts';

/** `nameOfHost`: the TLS name is what the Host field says. */
type Annotations = Pick<HttpRequestText, 'timeoutMs' | 'host' | 'serverName'> & { readonly nameOfHost: boolean };

/**
 * Splits `METHOD target HTTP/1.1`, header lines, a blank line and a body. Lines that start with `@` are annotations. With `unsafe`
 * the request may be malformed: it is kept as a whole, and its parts are read as far as they can be, for the safety rules.
 */
export function compileRawRequest(
  reader: MapReader,
  key: string,
  source: string,
  unsafe: boolean,
): HttpRequestText | null {
  const lines = source.replace(/^\s+/, '').split('\n');
  let annotations: Annotations = { timeoutMs: null, host: null, serverName: null, nameOfHost: false };
  while (lines[0]?.startsWith('@'))
    annotations = { ...annotations, ...annotation(reader, key, lines.shift()?.trim() ?? '') };
  const whole = lines.join('\n');
  const start = startLine(lines.shift()?.trimEnd() ?? '');
  if (!start && !unsafe) {
    reader.unsupported(key, 'raw-request-line', 'the request line is not METHOD TARGET HTTP/1.1');
    return null;
  }
  const headers = takeHeaders(reader, key, lines, unsafe);
  const { nameOfHost, ...annotated } = annotations;
  const hostField = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? null;
  const body = lines.join('\n').replace(/\r?\n$/, '');
  return {
    method: start?.method ?? 'GET',
    target: text(reader, key, start?.target ?? '/'),
    headers,
    body: body === '' ? null : text(reader, key, body),
    ...annotated,
    ...(nameOfHost ? { serverName: hostField } : {}),
    verbatim: unsafe ? text(reader, key, withLineEnds(whole)) : null,
  };
}

/** `GET HTTP/1.1` has no target and means `/`. */
function startLine(line: string): { method: string; target: string } | null {
  const match = /^([A-Z]{3,10})(?:\s+(\S.*?))??(?:\s+HTTP\/[0-9.]+)?\s*$/.exec(line);
  return match && { method: match[1] ?? 'GET', target: match[2] ?? '/' };
}

/** Takes the header lines and the blank line after them off `lines`. */
function takeHeaders(
  reader: MapReader,
  key: string,
  lines: string[],
  unsafe: boolean,
): (readonly [string, TemplateText])[] {
  const headers: (readonly [string, TemplateText])[] = [];
  while (lines.length > 0 && lines[0]?.trim() !== '') {
    const header = /^([^:\s]+)\s*:\s?(.*?)\s*$/.exec(lines.shift() ?? '');
    if (header) headers.push([header[1] ?? '', text(reader, key, header[2] ?? '')]);
    else if (!unsafe) reader.unsupported(key, 'raw-header', 'a header line without a colon needs `unsafe: true`');
  }
  lines.shift();
  return headers;
}

/** A template is written with LF; a request that spells some line ends as CRLF itself is left alone. */
function withLineEnds(source: string): string {
  return source.includes('\r\n') ? source : source.replaceAll('\n', '\r\n');
}

function annotation(reader: MapReader, key: string, line: string): Partial<Annotations> {
  const timeout = /^@timeout:?\s*([0-9]{1,4})(ms|s|m)?$/i.exec(line);
  if (timeout)
    return { timeoutMs: Number(timeout[1]) * ({ ms: 1, m: 60_000 }[timeout[2]?.toLowerCase() ?? ''] ?? 1000) };
  const place = /^@(host|tls-sni)\s*:\s*(\S+)$/i.exec(line);
  if (place?.[1]?.toLowerCase() === 'host') return { host: text(reader, key, place[2] ?? '') };
  if (place?.[2] === 'request.host') return { nameOfHost: true };
  if (place) return { serverName: serverName(reader, key, place[2] ?? '') };
  // `@once` only says that payloads do not change this request: sending it again does no harm.
  if (/^@once/i.test(line)) return {};
  reader.unsupported(key, `annotation:${line.split(/[:\s]/)[0]?.slice(0, 20)}`, 'this annotation is not supported yet');
  return {};
}

/** `interactsh-url` stands for its marker. */
function serverName(reader: MapReader, key: string, name: string): TemplateText {
  return text(reader, key, name === 'interactsh-url' ? '{{interactsh-url}}' : name);
}
