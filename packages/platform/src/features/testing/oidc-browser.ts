import { expect } from 'vitest';
import type { TestClient, TestPlatform } from '../../server/testing.ts';

/** A browser between platform and provider, with the cookies of both. */
export class Browser {
  readonly platform: TestClient;
  readonly #cookies = new Map<string, string>();
  readonly #there = new Map<string, string>();

  constructor(running: TestPlatform) {
    this.platform = running.client();
  }

  /** One request to the platform with every cookie that it set. */
  async send(method: string, path: string, body?: unknown) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.platform.send(method, path, body, cookie === '' ? {} : { cookie });
    keep(this.#cookies, [answer.headers['set-cookie'] ?? []].flat());
    return answer;
  }

  async begin(body: object = {}): Promise<string> {
    const begun = await this.send('POST', '/api/v1/session/oidc', body);
    expect(begun.status).toBe(200);
    return begun.json.url;
  }

  /** Through the provider; the address that it sends the browser back to. */
  async through(url: string): Promise<string> {
    let next = url;
    for (let hops = 0; hops < 10; hops++) {
      const cookie = [...this.#there].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
      await answer.body?.cancel();
      keep(this.#there, answer.headers.getSetCookie());
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`the provider stopped with ${answer.status} at ${next}`);
      next = new URL(location, next).href;
      if (next.startsWith('https://')) return next;
    }
    throw new Error('the provider went in circles');
  }

  /** Back at the platform; where that sends the browser. */
  async back(url: string): Promise<string> {
    const { pathname, search } = new URL(url);
    const answer = await this.send('GET', pathname + search);
    expect(answer.status).toBe(303);
    return String(answer.headers.location);
  }

  async signIn(body: object = {}): Promise<string> {
    return this.back(await this.through(await this.begin(body)));
  }

  /** Has the cookies of another one: the same browser, led to another replica. */
  take(other: Browser): void {
    for (const [name, value] of other.#cookies) this.#cookies.set(name, value);
  }

  /** Signs out here; the address to go on to, or null. */
  async signOut(): Promise<string | null> {
    this.platform.csrf = (await this.send('GET', '/api/v1/session')).json.csrfToken;
    const answer = await this.send('DELETE', '/api/v1/session');
    expect(answer).toMatchObject({ status: 200, json: { user: null } });
    return answer.json.signOutUrl;
  }

  /** Says yes on the provider's page; the address that it sends the browser back to. */
  async leave(url: string): Promise<string> {
    const cookie = () => [...this.#there].map(([name, value]) => `${name}=${value}`).join('; ');
    const asked = await fetch(url, { headers: { cookie: cookie() } });
    keep(this.#there, asked.headers.getSetCookie());
    const form = await asked.text();
    const [, action = ''] = /action="([^"]+)"/.exec(form) ?? [];
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(form) ?? [];
    const body = new URLSearchParams({ xsrf, logout: 'yes' });
    const left = await fetch(action, { method: 'POST', redirect: 'manual', headers: { cookie: cookie() }, body });
    keep(this.#there, left.headers.getSetCookie());
    return left.headers.get('location') ?? '';
  }

  async user() {
    return (await this.send('GET', '/api/v1/session')).json.user;
  }
}

function keep(jar: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') jar.delete(name);
    else jar.set(name, value);
  }
}
