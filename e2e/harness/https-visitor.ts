import { z } from 'zod';
import { type SentAnswer, sendRequest } from './send-request.ts';

const session = z.looseObject({ csrfToken: z.string().nullable(), termsVersion: z.string() });

/** Somebody who uses the API over HTTPS as a browser does: cookie, CSRF token, verified certificate. */
export class HttpsVisitor {
  readonly #ca: string;
  /** Origin; another replica's may be set. */
  origin: string;
  #cookie = '';
  #csrf = '';

  constructor(origin: string, ca: string) {
    this.origin = origin;
    this.#ca = ca;
  }

  get cookie(): string {
    return this.#cookie;
  }

  async call(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await sendRequest(this.origin, this.#ca, {
      method,
      target: path,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        cookie: this.#cookie,
        'x-picket-csrf': this.#csrf,
        'content-length': String(Buffer.byteLength(text)),
        ...headers,
      },
      body: Buffer.from(text),
    });
    const [set] = [answer.headers['set-cookie']].flat();
    if (set !== undefined) this.#cookie = set.split(';')[0] ?? '';
    return answer;
  }

  /** First sign-in of the first Manager: one-time password, own password, terms. */
  async settleIn(login: string, oneTimePassword: string, password: string): Promise<void> {
    this.#take(await this.call('POST', '/api/v1/session', { login, password: oneTimePassword }));
    this.#take(await this.call('POST', '/api/v1/session/password', { current: oneTimePassword, next: password }));
    const { termsVersion } = session.parse((await this.call('GET', '/api/v1/session')).json);
    const accepted = await this.call('POST', '/api/v1/session/terms', { version: termsVersion });
    if (accepted.status >= 300) throw new Error(`the terms were not accepted: ${accepted.text}`);
  }

  #take(answer: SentAnswer): void {
    if (answer.status >= 300) throw new Error(`the sign-in failed: ${answer.text}`);
    this.#csrf = session.parse(answer.json).csrfToken ?? '';
  }
}
