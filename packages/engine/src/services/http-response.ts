import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { ascii, indexOf, latin } from './bytes.ts';
import type { ProbeContext } from './probe.ts';

/** An HTTP/1 response as far as it came (RFC 9112). Header names are in lower case, in order of arrival. */
export interface HttpResponse {
  readonly version: string;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** The header block as it was sent, without the status line. */
  readonly rawHeaders: string;
  readonly body: string;
}

const blankLine = ascii('\r\n\r\n');
const blankLineLf = ascii('\n\n');

/** The request of a plain browser-like GET. `Connection: close` so that the end of the answer is plain to see. */
export function getRequest(path: string, context: ProbeContext): Uint8Array {
  const standard = context.port === (context.tls ? 443 : 80);
  const host = standard ? context.host : `${context.host}:${context.port}`;
  return ascii(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: Mozilla/5.0 (compatible; Picket)\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
  );
}

function headerEnd(bytes: Uint8Array): { head: number; body: number } | null {
  const crlf = indexOf(bytes, blankLine);
  if (crlf >= 0) return { head: crlf, body: crlf + 4 };
  const lf = indexOf(bytes, blankLineLf);
  return lf >= 0 ? { head: lf, body: lf + 2 } : null;
}

/** Total: null when the bytes do not begin with an HTTP/1 status line of a sane status. */
export function parseHttpResponse(bytes: Uint8Array): HttpResponse | null {
  const end = headerEnd(bytes);
  const head = latin(bytes.subarray(0, Math.min(end?.head ?? bytes.length, 32_768)));
  const lines = head.split(/\r?\n/);
  const status = /^HTTP\/(1\.[01]|2) ([1-5][0-9]{2})(?: |$)/.exec(lines[0] ?? '');
  if (!status) return null;
  const headers = lines.slice(1, 101).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const] : [];
  });
  return {
    version: status[1] ?? '',
    status: Number(status[2]),
    headers,
    rawHeaders: lines.slice(1).join('\r\n'),
    body: end ? decodeText(bytes.subarray(end.body)) : '',
  };
}

/** First value of a header, or null. */
export function header(response: HttpResponse, name: string): string | null {
  return response.headers.find(([key]) => key === name)?.[1] ?? null;
}

/** True when the body is all there by Content-Length, by the last chunk, or because there is none. */
export function httpWhole(bytes: Uint8Array): boolean {
  const end = headerEnd(bytes);
  if (!end) return false;
  const head = latin(bytes.subarray(0, end.head)).toLowerCase();
  if (/^http\/1\.[01] (?:1[0-9]{2}|204|304)/.test(head)) return true;
  const length = /\ncontent-length:\s*([0-9]{1,15})\s*(?:\r|\n|$)/.exec(head);
  if (length) return bytes.length - end.body >= Number(length[1]);
  if (/\ntransfer-encoding:[^\n]*chunked/.test(head)) {
    return latin(bytes.subarray(Math.max(end.body - 2, bytes.length - 7))).endsWith('\r\n0\r\n\r\n');
  }
  return false;
}

/** Text of the first `<title>`, entities as they stand, at most 256 characters. */
export function htmlTitle(body: string): string | null {
  const open = /<title[^>]{0,200}>/i.exec(body.slice(0, 32_768));
  if (!open) return null;
  const rest = body.slice(open.index + open[0].length, open.index + open[0].length + 512);
  const close = rest.search(/<\/title/i);
  const title = (close < 0 ? rest : rest.slice(0, close)).replaceAll(/\s+/g, ' ').trim();
  return title === '' ? null : title.slice(0, 256);
}

/** The body as a JSON object, or null. */
export function jsonObject(body: string): Readonly<Record<string, unknown>> | null {
  const start = body.indexOf('{');
  if (start < 0 || start > 16) return null;
  try {
    const value: unknown = JSON.parse(body.slice(start, body.lastIndexOf('}') + 1));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** True for an object that is neither null nor an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
