import type { ByteString } from '../byte-string.ts';
import type { DslScope, DslValue } from '../dsl/value.ts';
import type { HttpAnswer } from './http-message.ts';

/** Variables that every answer has; a header field of such a name does not take their place. */
const ownNames = [
  'status_code',
  'body',
  'header',
  'all_headers',
  'all',
  'raw',
  'response',
  'content_length',
  'duration',
  'request',
] as const;

/**
 * The variables of an answer (format reference: `status_code`, `body`, `header`, `all`, one for each header field). Made when they are
 * asked for: most checks look at two of them.
 */
export class AnswerScope implements DslScope {
  readonly #request: ByteString;
  readonly #answer: HttpAnswer;
  #fields: ReadonlyMap<string, ByteString> | null = null;
  #whole: ByteString | null = null;

  /** `request`: as it was sent. */
  constructor(request: ByteString, answer: HttpAnswer) {
    this.#request = request;
    this.#answer = answer;
  }

  get(name: string): DslValue | undefined {
    return this.#own(name) ?? this.#ofFields().get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  *[Symbol.iterator](): Iterator<readonly [string, DslValue]> {
    for (const [name, value] of this.#ofFields()) if (this.#own(name) === undefined) yield [name, value];
    for (const name of ownNames) yield [name, this.#own(name) ?? ''];
  }

  #own(name: string): DslValue | undefined {
    const answer = this.#answer;
    switch (name) {
      case 'status_code':
        return answer.status;
      case 'body':
        return answer.body;
      case 'header':
      case 'all_headers':
        return answer.head;
      case 'all':
      case 'raw':
      case 'response':
        this.#whole ??= `${answer.head}\r\n${answer.body}`;
        return this.#whole;
      case 'content_length':
        return announcedLength(answer);
      case 'duration':
        return answer.seconds;
      case 'request':
        return this.#request;
      default:
        return undefined;
    }
  }

  #ofFields(): ReadonlyMap<string, ByteString> {
    this.#fields ??= fieldVariables(this.#answer);
    return this.#fields;
  }
}

/** What the server announced, as far as it is a length. */
function announcedLength(answer: HttpAnswer): number {
  const told = answer.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1].trim() ?? '';
  return /^[0-9]{1,15}$/.test(told) ? Number(told) : answer.body.length;
}

/** `x_powered_by` for each field, and the cookies that are set, by their names. */
function fieldVariables(answer: HttpAnswer): ReadonlyMap<string, ByteString> {
  const fields = new Map<string, ByteString>();
  for (const [name, value] of answer.headers) {
    const key = name.toLowerCase().replaceAll('-', '_');
    const before = fields.get(key);
    fields.set(key, before === undefined ? value : `${before}, ${value}`);
    const cookie = key === 'set_cookie' ? /^([^=;,\s]+)=([^;]*)/.exec(value) : null;
    if (cookie && !fields.has((cookie[1] ?? '').toLowerCase()))
      fields.set((cookie[1] ?? '').toLowerCase(), cookie[2] ?? '');
  }
  return fields;
}
