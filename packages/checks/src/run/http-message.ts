import { err, ok, type Result } from '@picket/base/result';
import { type ByteString, fromText } from '../byte-string.ts';
import type { HttpRequestText } from '../check.ts';
import type { DslAmbient, DslScope, DslValue } from '../dsl/value.ts';
import { renderText, type TemplateText } from '../template/text.ts';
import { authority, type Endpoint, hostText } from './target-scope.ts';

/** A request as it goes out. All texts are byte strings without line ends in them. */
export interface HttpRequest {
  readonly method: string;
  /** Origin form (RFC 9112 section 3.2.1): starts with `/`. */
  readonly path: ByteString;
  readonly headers: readonly (readonly [name: string, value: ByteString])[];
  readonly body: ByteString;
}

export interface HttpAnswer {
  readonly status: number;
  /** Status line and fields as they came, CRLF between them and after the last. */
  readonly head: ByteString;
  readonly headers: readonly (readonly [name: string, value: ByteString])[];
  /** Without transfer and content encoding, cut to the limit. */
  readonly body: ByteString;
  readonly seconds: number;
  /** False when the connection ended before the answer did. What was cut to our own limit is whole. */
  readonly whole: boolean;
}

/** Names itself, so that an operator finds the scan in a log. */
const userAgent = 'Mozilla/5.0 (compatible; Picket vulnerability scanner)';

/** Fills a request's markers in. The error names the variable that has no value, or says why it is not sent. */
export function renderRequest(
  request: HttpRequestText,
  endpoint: Endpoint,
  scope: DslScope,
  ambient: DslAmbient,
): Result<HttpRequest, string> {
  const missing: string[] = [];
  const fill = (text: TemplateText): ByteString => {
    const rendered = renderText(text, scope, ambient);
    if ('text' in rendered) return rendered.text;
    missing.push(rendered.missing);
    return '';
  };
  const path = originForm(fill(request.target), endpoint);
  const body = request.body === null ? '' : fill(request.body);
  const own = request.headers.map(([name, value]) => [name, fill(value)] as const);
  if (missing[0] !== undefined) return err(missing[0]);
  if (path === null) return err('the request does not go to the scanned host');
  // What was extracted from a target must not be able to add lines to a request.
  if (own.some(([name, value]) => /[\r\n]/.test(value) || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)))
    return err('a header field holds a line end');
  return ok({ method: request.method, path, headers: withDefaults(own, endpoint, request.method, body), body });
}

/** The path of an absolute or origin form target; null when it names another host. */
function originForm(target: ByteString, endpoint: Endpoint): ByteString | null {
  const clean = target
    .trim()
    .replace(
      /[\u0000-\u0020\u007f]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(clean);
  if (!absolute) return clean.startsWith('/') ? collapsed(clean) : `/${clean}`;
  if (!sameAuthority(absolute[1] ?? '', endpoint)) return null;
  const path = absolute[2] ?? '';
  return path.startsWith('/') ? collapsed(path) : `/${path}`;
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
  return [...defaults.filter(([name]) => !named.has(name.toLowerCase())), ...kept, ...length, ['Connection', 'close']];
}

/** The bytes of a request, with a `Cookie` field when there are cookies. */
export function requestBytes(request: HttpRequest, cookies: ReadonlyMap<string, string>): ByteString {
  const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const has = request.headers.some(([name]) => name.toLowerCase() === 'cookie');
  const headers = jar === '' || has ? request.headers : [...request.headers, ['Cookie', jar] as const];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `${request.method} ${request.path} HTTP/1.1\r\n${lines}\r\n${request.body}`;
}

/** The variables of an answer (format reference: `status_code`, `body`, `header`, `all`, one for each header field). */
export function answerScope(request: ByteString, answer: HttpAnswer): Map<string, DslValue> {
  const scope = new Map<string, DslValue>();
  for (const [name, value] of answer.headers) {
    const key = name.toLowerCase().replaceAll('-', '_');
    const before = scope.get(key);
    scope.set(key, typeof before === 'string' ? `${before}, ${value}` : value);
    const cookie = key === 'set_cookie' ? /^([^=;,\s]+)=([^;]*)/.exec(value) : null;
    if (cookie && !scope.has((cookie[1] ?? '').toLowerCase()))
      scope.set((cookie[1] ?? '').toLowerCase(), cookie[2] ?? '');
  }
  const whole = `${answer.head}\r\n${answer.body}`;
  scope.set('status_code', answer.status);
  scope.set('body', answer.body);
  for (const name of ['header', 'all_headers']) scope.set(name, answer.head);
  for (const name of ['all', 'raw', 'response']) scope.set(name, whole);
  scope.set('content_length', answer.body.length);
  scope.set('duration', answer.seconds);
  scope.set('request', request);
  return scope;
}
