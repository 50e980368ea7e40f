import { err, ok, type Result } from '@picket/base/result';
import { type ByteString, fromText } from '../byte-string.ts';
import type { HttpRequestText } from '../protocols/http/http-block.ts';
import type { DslAmbient, DslScope } from '../dsl/value.ts';
import { renderText, type TemplateText } from '../template/text.ts';
import { authority, type Endpoint, hostText } from './target-scope.ts';

/** A request as it goes out. All texts are byte strings without line ends in them. */
export interface HttpRequest {
  readonly method: string;
  /** Origin form (RFC 9112 section 3.2.1): starts with `/`. */
  readonly path: ByteString;
  readonly headers: readonly (readonly [name: string, value: ByteString])[];
  readonly body: ByteString;
  /** Goes out as it is instead of what the other fields make; null: they make the request. */
  readonly verbatim: ByteString | null;
  /** Another port or scheme of the scanned host; null: the endpoint's own. */
  readonly place: Pick<Endpoint, 'port' | 'tls'> | null;
  /** Server name for the TLS handshake; null: that of the endpoint. */
  readonly serverName: string | null;
}

/** Why a request is not sent: a variable without a value, a place outside the scope, or a form that HTTP can't carry. */
export interface RequestRefusal {
  readonly kind: 'missing' | 'scope' | 'form';
  readonly detail: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Status line and fields as they came, CRLF between them and after the last. */
  readonly head: ByteString;
  readonly headers: readonly (readonly [name: string, value: ByteString])[];
  /** Without transfer and content coding, cut to the limit. */
  readonly body: ByteString;
  /** A content coding that could not be undone: the body is as it came. Null: it is plain. */
  readonly coded: string | null;
  readonly seconds: number;
  /** False when the connection ended before the answer did. What was cut to our own limit is whole. */
  readonly whole: boolean;
}

/** Names itself, so that an operator finds the scan in a log. */
const userAgent = 'Mozilla/5.0 (compatible; Picket vulnerability scanner)';

/** Fills a request's markers in. */
export function renderRequest(
  request: HttpRequestText,
  endpoint: Endpoint,
  scope: DslScope,
  ambient: DslAmbient,
): Result<HttpRequest, RequestRefusal> {
  const missing: string[] = [];
  const fill = (text: TemplateText): ByteString => {
    const rendered = renderText(text, scope, ambient);
    if ('text' in rendered) return rendered.text;
    missing.push(rendered.missing);
    return '';
  };
  const path = originForm(fill(request.target), endpoint);
  const body = request.body === null ? '' : fill(request.body);
  const known = fixedHeaders(request, endpoint);
  const own =
    known === null ? request.headers.map(([name, value]) => [name, withoutLineEnd(fill(value))] as const) : [];
  const host = request.host === null ? null : fill(request.host);
  const serverName = request.serverName === null ? null : withoutPort(fill(request.serverName));
  const whole = request.verbatim === null ? null : fill(request.verbatim);
  if (missing[0] !== undefined) return err({ kind: 'missing', detail: missing[0] });
  const verbatim = whole === null || endpoint.path === undefined ? whole : ontoPath(whole, endpoint);
  const place = host === null ? null : placeOf(host, endpoint);
  if (place === false || (path === null && verbatim === null))
    return err({ kind: 'scope', detail: 'the request does not go to the scanned host' });
  if (serverName !== null && !/^[A-Za-z0-9_.-]{1,253}$/.test(serverName))
    return err({ kind: 'form', detail: 'the TLS server name is no host name' });
  // What was extracted from a target must not be able to add lines to a request.
  if (verbatim === null && own.some(([name, value]) => /[\r\n]/.test(value) || !fieldName.test(name)))
    return err({ kind: 'form', detail: 'a header field holds a line end' });
  const headers = known ?? withDefaults(own, endpoint, request.method, body);
  if (known === null && isFixed(request)) keepHeaders(request, endpoint, headers);
  return ok({ method: request.method, path: path ?? '/', headers, body, verbatim, place, serverName });
}

type Headers = HttpRequest['headers'];

/** The fields of requests in which nothing depends on variables, for the place that they went to last, and their lines. */
const fixed = new WeakMap<HttpRequestText, { readonly host: string; readonly headers: Headers }>();
const fixedLines = new WeakMap<Headers, ByteString>();

function isFixed({ body, headers }: HttpRequestText): boolean {
  return body === null && headers.every(([, value]) => 'literal' in value);
}

function fixedHeaders(request: HttpRequestText, endpoint: Endpoint): Headers | null {
  const known = fixed.get(request);
  return known !== undefined && known.host === authority(endpoint) ? known.headers : null;
}

function keepHeaders(request: HttpRequestText, endpoint: Endpoint, headers: Headers): void {
  fixed.set(request, { host: authority(endpoint), headers });
  fixedLines.set(headers, linesOf(headers));
}

function linesOf(headers: Headers): ByteString {
  return headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}

/** A value ends before the line ends that stand after it, such as that of `base64_py` (RFC 9110 section 5.5); they add no line. */
function withoutLineEnd(value: ByteString): ByteString {
  let end = value.length;
  while (end > 0 && '\r\n'.includes(value.charAt(end - 1))) end -= 1;
  return value.slice(0, end);
}

/** A token (RFC 9110 section 5.6.2). */
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A malformed request changes in nothing but the target of its first line. */
function ontoPath(whole: ByteString, endpoint: Endpoint): ByteString {
  return whole.replace(/^([A-Z]+ )(\/\S*)/, (_all, method: string, path: string) => method + belowPath(path, endpoint));
}

/** A name for the handshake; null for an address, which has no place there (RFC 6066 section 3). */
function withoutPort(host: ByteString): ByteString | null {
  const name = host.trim().replace(/:[0-9]{1,5}$/, '');
  return /^(\[.*\]?|[0-9.]+|.*:.*)$/.test(name) ? null : name;
}

/** Where `https://host:port`, `host:port` or `host` is on the scanned host; false when it is another host. */
function placeOf(host: ByteString, endpoint: Endpoint): Pick<Endpoint, 'port' | 'tls'> | null | false {
  const match = /^(?:(https?):\/\/)?(\[[0-9a-f:.]+\]|[^:/?#\s]+)(?::([0-9]{1,5}))?\/?$/i.exec(host.trim());
  const name = (match?.[2] ?? '').toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (!match || ![endpoint.address, endpoint.name?.toLowerCase()].includes(name)) return false;
  const tls = match[1] === undefined ? endpoint.tls : match[1].toLowerCase() === 'https';
  const usual = match[1] === undefined ? endpoint.port : tls ? 443 : 80;
  const port = match[3] === undefined ? usual : Number(match[3]);
  return port >= 1 && port <= 65_535 ? { port, tls } : false;
}

/** The path of an absolute or origin form target; null when it names another host. */
function originForm(target: ByteString, endpoint: Endpoint): ByteString | null {
  const clean = target
    .trim()
    .replace(
      /[\u0000-\u0020\u007f]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    // `%%` is written on purpose: some servers decode twice.
    .replace(/%(?![0-9A-Fa-f]{2}|%)/g, '%25');
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(clean);
  if (!absolute) return belowPath(clean.startsWith('/') ? collapsed(clean) : `/${clean}`, endpoint);
  if (!sameAuthority(absolute[1] ?? '', endpoint)) return null;
  const path = absolute[2] ?? '';
  return path.startsWith('/') ? collapsed(path) : `/${path}`;
}

/** A raw request's own path and query, put onto those of the target when it has some. */
function belowPath(path: string, endpoint: Endpoint): string {
  const base = endpoint.path ?? '';
  if (base === '') return path;
  const [basePath = '', baseQuery] = base.split('?');
  const [ownPath = '', ownQuery] = path.split('?');
  const joined = ownPath === '/' ? basePath : basePath.replace(/\/$/, '') + ownPath;
  const query = [baseQuery, ownQuery].filter((part) => part !== undefined).join('&');
  return `${joined === '' ? '/' : joined}${query === '' ? '' : `?${query}`}`;
}

/** `{{BaseURL}}//x` keeps its slashes: some weaknesses need them. */
const collapsed = (path: string) => path.split('#')[0] ?? '/';

function sameAuthority(text: string, endpoint: Endpoint): boolean {
  const given = text.toLowerCase();
  return [authority(endpoint), `${hostText(endpoint)}:${endpoint.port}`].some((own) => own.toLowerCase() === given);
}

function withDefaults(
  own: readonly (readonly [string, ByteString])[],
  endpoint: Endpoint,
  method: string,
  body: ByteString,
): (readonly [string, ByteString])[] {
  const defaults: (readonly [string, ByteString])[] = [
    ['Host', fromText(authority(endpoint))],
    ['User-Agent', userAgent],
    ['Accept', '*/*'],
    ['Accept-Encoding', 'gzip, deflate'],
  ];
  const named = new Set(own.map(([name]) => name.toLowerCase()));
  const length: (readonly [string, ByteString])[] =
    body !== '' || ['POST', 'PUT', 'PATCH'].includes(method) ? [['Content-Length', String(body.length)]] : [];
  const kept = own.filter(([name]) => !['content-length', 'connection'].includes(name.toLowerCase()));
  return [...defaults.filter(([name]) => !named.has(name.toLowerCase())), ...kept, ...length];
}

/**
 * The bytes of a request, with a `Cookie` field when there are cookies. `keeps`: the connection may serve another request; else
 * the server is asked to close it.
 */
export function requestBytes(request: HttpRequest, cookies: ReadonlyMap<string, string>, keeps: boolean): ByteString {
  if (request.verbatim !== null) return request.verbatim;
  const jar = cookies.size === 0 ? '' : [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const has = jar !== '' && request.headers.some(([name]) => name.toLowerCase() === 'cookie');
  const lines = fixedLines.get(request.headers) ?? linesOf(request.headers);
  const cookie = jar === '' || has ? '' : `Cookie: ${jar}\r\n`;
  const close = keeps ? '' : 'Connection: close\r\n';
  return `${request.method} ${request.path} HTTP/1.1\r\n${lines}${cookie}${close}\r\n${request.body}`;
}
