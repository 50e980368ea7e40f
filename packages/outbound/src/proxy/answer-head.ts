/** Status line and header fields of an answer in HTTP/1 (RFC 9112). */
export interface AnswerHead {
  readonly status: number;
  readonly version: '1.0' | '1.1';
  /** Names in lower case, in their order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Longest head that is read, bytes. */
export const longestHead = 16_384;

/** `bodyAt`: where the bytes after the head begin. */
export type HeadReading =
  | { readonly kind: 'head'; readonly head: AnswerHead; readonly bodyAt: number }
  | { readonly kind: 'partial' | 'not-http' | 'too-long' };

const statusLine = /^HTTP\/1\.([01]) ([1-9][0-9]{2})(?: [^\r\n]*)?$/;

/** Reads a head from the first byte on. `not-http` as soon as what there is can not become one. Total. */
export function readHead(bytes: Uint8Array): HeadReading {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestHead)).toString('latin1');
  if (!'HTTP/1.'.startsWith(text.slice(0, 7))) return { kind: 'not-http' };
  const end = /\r?\n\r?\n/.exec(text);
  const lineEnd = text.indexOf('\n');
  const first = statusLine.exec((lineEnd < 0 ? '' : text.slice(0, lineEnd)).replace(/\r$/, ''));
  if (lineEnd >= 0 && first === null) return { kind: 'not-http' };
  if (end === null || first === null) return { kind: bytes.length >= longestHead ? 'too-long' : 'partial' };
  const fields = fieldsOf(text.slice(lineEnd + 1, end.index));
  if (fields === null) return { kind: 'not-http' };
  const head: AnswerHead = { status: Number(first[2]), version: first[1] === '0' ? '1.0' : '1.1', fields };
  return { kind: 'head', head, bodyAt: end.index + end[0].length };
}

/** Null: a line that is no field. A line that begins with a blank goes on with the one before (RFC 9112 section 5.2). */
function fieldsOf(text: string): [string, string][] | null {
  const fields: [string, string][] = [];
  for (const line of text.split(/\r?\n/)) {
    const last = fields.at(-1);
    if (line === '') continue;
    if (/^[ \t]/.test(line) && last !== undefined) {
      last[1] = `${last[1]} ${line.trim()}`.trim();
      continue;
    }
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:([^\0]*)$/.exec(line) ?? [];
    if (name === undefined) return null;
    fields.push([name.toLowerCase(), value.trim()]);
  }
  return fields;
}

/** All values of a field, in their order. */
export function fieldValues({ fields }: AnswerHead, name: string): string[] {
  return fields.filter(([each]) => each === name).map(([, value]) => value);
}
