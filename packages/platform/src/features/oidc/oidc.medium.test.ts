import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@picket/base/adapters/system';
import type { Clock } from '@picket/base/clock';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestClient, type TestPlatform, withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds, type DatabaseKind, withDatabase } from '../../storage/testing.ts';
import { codeOfStep, stepAt } from '../factors/totp.ts';
import { type ProviderPerson, startTestProvider, type TestProvider } from './testing-provider.ts';

const gwen = { sub: 'g-1', email: 'gwen@example.org', email_verified: true, name: 'Gwen Guest' } as const;
const uris: string[] = [];
const open: TestProvider[] = [];
afterEach(async () => {
  uris.splice(0);
  for (const provider of open.splice(0)) await provider.close();
});

interface Ground {
  readonly running: TestPlatform;
  readonly manager: TestClient;
  readonly provider: TestProvider;
  set(change?: object): Promise<number>;
  advance(milliseconds: number): void;
}

async function onGround(kind: DatabaseKind, test: (ground: Ground) => Promise<void>): Promise<void> {
  let offset = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + offset };
  const provider = await startTestProvider(() => uris);
  open.push(provider);
  const run = async (running: TestPlatform) => {
    const manager = await running.signedIn('manager');
    uris.push((await manager.send('GET', '/api/v1/oidc-provider')).json.redirectUri);
    const settings = { name: 'Test IdP', issuer: provider.issuer, ...provider.client };
    const set = async (change = {}) => {
      const answer = await manager.send('PUT', '/api/v1/oidc-provider', { ...settings, ...change });
      return answer.status;
    };
    await test({ running, manager, provider, set, advance: (milliseconds) => (offset += milliseconds) });
  };
  await withTestPlatform(kind, run, { clock, config: { localReceivers: true } });
}

/** A browser between platform and provider, with the cookies of both. */
class Browser {
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

async function audited(running: TestPlatform, pattern: string) {
  const { db } = running.platform.context.database;
  const rows = await db
    .selectFrom('audit_entry')
    .select(['action', 'actor', 'detail'])
    .where('action', 'like', pattern)
    .orderBy('id')
    .execute();
  return rows;
}

describe.each(databaseKinds)('signing in by a real OpenID Connect provider, %s', (kind) => {
  const test = (name: string, body: (ground: Ground) => Promise<void>) =>
    it.skipIf(!canRun(kind))(name, () => onGround(kind, body));

  test('binds the account that has the login, and from then on the subject decides', async (ground) => {
    const { running, manager, provider, set } = ground;
    const made = await manager.send('POST', '/api/v1/accounts', {
      login: 'Gwen@Example.org',
      name: 'Gwen',
      role: 'scanner',
    });
    expect(await set({ linkByLogin: true })).toBe(200);
    expect((await running.client().send('GET', '/api/v1/sign-in-methods')).json).toEqual({
      oidc: { name: 'Test IdP' },
      passwordForAll: true,
    });
    provider.person = gwen;
    const browser = new Browser(running);
    expect(await browser.signIn({ returnTo: '/scans?status=running' })).toBe('/scans?status=running');
    expect(await browser.user()).toMatchObject({ id: made.json.id, role: 'scanner', login: 'Gwen@Example.org' });
    const sessions = await manager.send('GET', `/api/v1/accounts/${made.json.id}/sessions`);
    expect(sessions.json.items).toMatchObject([{ method: 'oidc' }]);
    expect((await manager.send('GET', `/api/v1/accounts/${made.json.id}/identity`)).json.issuer).toBe(provider.issuer);

    // Another address, the same person; and the old address, given to somebody else.
    provider.person = { ...gwen, email: 'renamed@example.org' };
    const renamed = new Browser(running);
    expect(await renamed.signIn()).toBe('/');
    expect((await renamed.user()).id).toBe(made.json.id);
    provider.person = { ...gwen, sub: 'g-2' };
    expect(await new Browser(running).signIn()).toBe('/?oidc=login-taken');

    expect((await manager.send('DELETE', `/api/v1/accounts/${made.json.id}/identity`)).status).toBe(204);
    expect(await renamed.user()).toBeNull();
    const second = new Browser(running);
    expect(await second.signIn()).toBe('/');
    expect((await second.user()).id).toBe(made.json.id);
    const entries = await audited(running, 'oidc%');
    expect(entries.map(({ action }) => action)).toEqual([
      'oidc-provider.set',
      'oidc.link',
      'oidc.refused',
      'oidc.unlink',
      'oidc.link',
    ]);
    const signIns = await audited(running, 'session.sign-in');
    expect(signIns.filter(({ detail }) => JSON.stringify(detail).includes('oidc'))).toHaveLength(3);
    const whole = (await manager.send('GET', '/api/v1/audit?limit=500')).text;
    expect(whole).not.toContain(provider.client.clientSecret);
    expect((await manager.send('GET', '/api/v1/oidc-provider')).text).not.toContain(provider.client.clientSecret);
  });

  test('refuses who is unknown, or makes a Reader who sees nothing, as a Manager decided', async (ground) => {
    const { running, provider, set } = ground;
    await set();
    provider.person = gwen;
    const browser = new Browser(running);
    expect(await browser.signIn()).toBe('/?oidc=unknown-person');
    expect(await browser.user()).toBeNull();
    await set({ unknownPeople: 'reader', mailDomains: ['example.org'] });
    expect(await browser.signIn()).toBe('/');
    expect(await browser.user()).toMatchObject({
      login: 'gwen@example.org',
      name: 'Gwen Guest',
      role: 'reader',
      sees: 'nothing',
      hasPassword: false,
      passwordChangeNeeded: false,
      termsAccepted: false,
    });
    provider.person = { ...gwen, sub: 'x', email: 'x@elsewhere.example' };
    expect(await new Browser(running).signIn()).toBe('/?oidc=mail-domain');
    for (const email_verified of [false, undefined]) {
      const { email_verified: _was, ...rest } = { ...gwen, sub: 'unverified', email: 'un@example.org' };
      provider.person = email_verified === undefined ? rest : { ...rest, email_verified };
      expect(await new Browser(running).signIn()).toBe('/?oidc=mail-unverified');
    }
    // A login that somebody has is not taken over by a claim.
    provider.person = { ...gwen, sub: 'thief', preferred_username: 'manager' };
    await set({ unknownPeople: 'reader', loginClaim: 'preferred_username' });
    expect(await new Browser(running).signIn()).toBe('/?oidc=login-taken');
    provider.person = { sub: 'nameless' };
    expect(await new Browser(running).signIn()).toBe('/?oidc=login-missing');
  });

  test('takes an answer once, in time, from the browser that asked, and for this sign-in alone', async (ground) => {
    const { running, provider, set, advance } = ground;
    await set({ unknownPeople: 'reader' });
    provider.person = gwen;
    const browser = new Browser(running);
    const answer = await browser.through(await browser.begin());
    expect(await new Browser(running).back(answer)).toBe('/?oidc=other-browser');
    // Looked at once is used up, also by the wrong one.
    expect(await browser.back(answer)).toBe('/?oidc=expired');

    const good = await browser.through(await browser.begin());
    expect(await browser.back(good)).toBe('/');
    expect(await browser.back(good)).toBe('/?oidc=expired');
    expect(await browser.back(good.replace(/state=[^&]+/, 'state=made-up'))).toBe('/?oidc=expired');
    expect(await browser.back(good.replace(/[?&]state=[^&]+/, '?'))).toBe('/?oidc=expired');

    // The code of one sign-in with the state of another: the verifier is not its own.
    const other = new Browser(running);
    const stolen = new URL(await other.through(await other.begin())).searchParams.get('code') ?? '';
    const mixed = new URL(await browser.through(await browser.begin()));
    mixed.searchParams.set('code', stolen);
    expect(await browser.back(mixed.href)).toBe('/?oidc=code-refused');

    const { db } = running.platform.context.database;
    const nonce = new Browser(running);
    const replayed = await nonce.through(await nonce.begin());
    const rows = await db
      .selectFrom('sign_in_challenge')
      .select(['challenge_hash', 'payload'])
      .where('purpose', '=', 'oidc.sign-in')
      .orderBy('expires_at', 'desc')
      .execute();
    for (const row of rows)
      await db
        .updateTable('sign_in_challenge')
        .set({ payload: JSON.stringify({ ...Object(row.payload), nonce: 'another' }) })
        .where('challenge_hash', '=', row.challenge_hash)
        .execute();
    expect(await nonce.back(replayed)).toBe('/?oidc=answer-invalid');

    const issuer = new Browser(running);
    const misnamed = new URL(await issuer.through(await issuer.begin()));
    expect(misnamed.searchParams.get('iss')).toBe(provider.issuer);
    misnamed.searchParams.set('iss', 'https://evil.example');
    expect(await issuer.back(misnamed.href)).toBe('/?oidc=answer-invalid');

    const slow = new Browser(running);
    const late = await slow.through(await slow.begin());
    advance(600_001);
    expect(await slow.back(late)).toBe('/?oidc=expired');
    for (const { detail } of await audited(running, 'oidc.refused'))
      expect(Object.keys(Object(detail))).toEqual(['reason']);
  });

  test('says who said no: the person, the account, the provider', async (ground) => {
    const { running, manager, provider, set } = ground;
    await set({ unknownPeople: 'reader' });
    expect(await new Browser(running).signIn()).toBe('/?oidc=cancelled');
    provider.person = gwen;
    const browser = new Browser(running);
    expect(await browser.signIn()).toBe('/');
    const { id } = await browser.user();
    await manager.send('PATCH', `/api/v1/accounts/${id}`, { disabled: true });
    expect(await new Browser(running).signIn()).toBe('/?oidc=account-disabled');
    await set({ clientSecret: 'another one', unknownPeople: 'reader' });
    expect(await new Browser(running).signIn()).toBe('/?oidc=client-refused');
    await set({ unknownPeople: 'reader' });
    const away = new Browser(running);
    const answer = await away.through(await away.begin());
    await provider.close();
    open.splice(0);
    expect(await away.back(answer)).toBe('/?oidc=provider-down');
    await set({ name: 'Gone' });
    const none = await new Browser(running).send('POST', '/api/v1/session/oidc', {});
    expect(none).toMatchObject({ status: 409, json: { code: 'oidc.provider-unreachable' } });
    await manager.send('DELETE', '/api/v1/oidc-provider');
    const off = await new Browser(running).send('POST', '/api/v1/session/oidc', {});
    expect(off).toMatchObject({ status: 409, json: { code: 'oidc.not-set-up' } });
  });

  test('never leads to another site, and asks anew for the second factor that the account has', async (ground) => {
    const { running, manager, provider, set } = ground;
    await set({ unknownPeople: 'reader' });
    provider.person = gwen;
    const browser = new Browser(running);
    expect(await browser.signIn({ returnTo: '//evil.example/x' })).toBe('/');
    await manager.send('PATCH', '/api/v1/security-policy', { requireSecondFactor: true });
    expect((await browser.user()).secondFactorNeeded).toBe(true);
    const { csrfToken } = (await browser.send('GET', '/api/v1/session')).json;
    browser.platform.csrf = csrfToken;
    // No password to prove: having just come from the provider is the proof.
    const begun = await browser.send('POST', '/api/v1/session/totp', { password: '' });
    expect(begun.status).toBe(200);
    const secret = bytesOf(begun.json.secret);
    const codeAt = (ahead: number) => codeOfStep(secret, stepAt(running.platform.context.clock.now()) + ahead);
    expect((await browser.send('POST', '/api/v1/session/totp/confirm', { code: codeAt(0) })).status).toBe(200);
    expect((await browser.user()).secondFactorNeeded).toBe(false);

    const again = new Browser(running);
    expect(await again.signIn({ returnTo: '/assets' })).toBe('/?oidc=code-needed');
    expect(await again.user()).toBeNull();
    const wrong = await again.send('POST', '/api/v1/session/oidc/code', { code: '000000' });
    expect(wrong).toMatchObject({ status: 401, json: { code: 'session.code-wrong' } });
    const right = await again.send('POST', '/api/v1/session/oidc/code', { code: codeAt(1) });
    expect(right).toMatchObject({ status: 200, json: { url: '/assets' } });
    expect((await again.user()).secondFactorNeeded).toBe(false);
    const used = await again.send('POST', '/api/v1/session/oidc/code', { code: codeAt(1) });
    expect(used).toMatchObject({ status: 401, json: { code: 'oidc.code-too-late' } });

    // In the database: the Manager of the test has no second factor, and so is held back like everybody.
    await running.platform.context.database.db
      .updateTable('setting')
      .set({ value: JSON.stringify({ requireSecondFactor: true, oidcCountsAsSecondFactor: true }) })
      .where('key', '=', 'security.policy')
      .execute();
    const counted = new Browser(running);
    expect(await counted.signIn()).toBe('/');
    expect((await counted.user()).secondFactorNeeded).toBe(false);
  });

  test('accepts an invitation of the same person, and of nobody else', async (ground) => {
    const { running, manager, provider, set } = ground;
    await set({ passwordSignIn: false });
    const guest = { login: 'gwen', name: 'Invited', email: 'Gwen@example.org', role: 'scanner' };
    const { link } = (await manager.send('POST', '/api/v1/invitations', guest)).json;
    const token = String(link).split('#')[1] ?? '';
    const opened = await running.client().send('POST', '/api/v1/invitation', { token });
    expect(opened.json).toMatchObject({ login: 'gwen', role: 'scanner' });
    const password = 'a sentence of my own';
    const refused = await running.client().send('POST', '/api/v1/invitation/accept', { token, password });
    expect(refused).toMatchObject({ status: 403, json: { code: 'session.password-off' } });
    provider.person = { ...gwen, sub: 'other', email: 'other@example.org' };
    expect(await new Browser(running).signIn({ invitation: token })).toBe('/?oidc=invitation-other');
    provider.person = gwen;
    const browser = new Browser(running);
    const begun = await browser.begin({ invitation: token });
    expect(begun).not.toContain(token);
    expect(await browser.back(await browser.through(begun))).toBe('/');
    expect(await browser.user()).toMatchObject({ login: 'gwen', name: 'Invited', role: 'scanner', hasPassword: false });
    const gone = await new Browser(running).send('POST', '/api/v1/session/oidc', { invitation: token });
    expect(gone).toMatchObject({ status: 410, json: { code: 'invitation.not-valid' } });
  });

  test('keeps passwords for Managers when they are for nobody else', async (ground) => {
    const { running, manager, set } = ground;
    const made = await manager.send('POST', '/api/v1/accounts', { login: 'anna', name: 'Anna', role: 'auditor' });
    await set({ passwordSignIn: false });
    const anna = { login: 'anna', password: made.json.oneTimePassword };
    for (let attempt = 0; attempt < 7; attempt++) {
      const refused = await running.client().send('POST', '/api/v1/session', anna);
      expect(refused).toMatchObject({ status: 403, json: { code: 'session.password-off' } });
    }
    expect(await running.signedIn('manager')).toBeDefined();
    await manager.send('DELETE', '/api/v1/oidc-provider');
    expect((await running.client().send('POST', '/api/v1/session', anna)).status).toBe(200);
  });

  test('is tested before it is used, and a secret goes to nobody else', async (ground) => {
    const { running, manager, provider, set } = ground;
    const attempt = async (issuer: string) => {
      const answer = await manager.send('POST', '/api/v1/oidc-provider/test', { issuer });
      return answer.status === 200 ? answer.json : answer.json.code;
    };
    expect(await attempt(provider.issuer)).toMatchObject({ ok: true, hint: null });
    expect(await attempt(provider.issuer.replace('127.0.0.1', 'localhost'))).toMatchObject({
      ok: false,
      detail: expect.stringContaining(`calls itself ${provider.issuer}`),
    });
    expect(await attempt(`${provider.issuer}/elsewhere`)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('answered 404'),
    });
    expect(await attempt('https://no-such-host.invalid')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('(dns)'),
    });
    expect(await attempt(`https://127.0.0.1:${new URL(provider.issuer).port}`)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('(tls-handshake)'),
    });
    expect(await attempt(`https://localhost:${running.platform.port}`)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('(certificate)'),
    });
    for (const issuer of ['http://idp.example.org', 'https://a:b@idp.example.org', 'https://idp.example.org/?x=1'])
      expect(await attempt(issuer)).toBe('oidc.issuer-not-allowed');
    expect(await set()).toBe(200);
    const elsewhere = {
      name: 'X',
      issuer: 'https://idp.example.org',
      clientId: provider.client.clientId,
      loginClaim: 'email',
    };
    const refused = await manager.send('PUT', '/api/v1/oidc-provider', elsewhere);
    expect(refused).toMatchObject({ status: 422, json: { code: 'oidc.secret-needed' } });
    const same = await manager.send('PUT', '/api/v1/oidc-provider', { ...elsewhere, issuer: provider.issuer });
    expect(same).toMatchObject({ status: 200, json: { provider: { name: 'X' } } });
  });
});

/** Base32 without padding (RFC 4648 section 6), as an app reads it. */
function bytesOf(secret: string): Uint8Array {
  const bits = [...secret].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'));
  const text = bits.join('');
  return Uint8Array.from({ length: Math.floor(text.length / 8) }, (_, n) =>
    Number.parseInt(text.slice(n * 8, n * 8 + 8), 2),
  );
}

describe('two replicas', () => {
  it.skipIf(!canRun('server'))('share a sign-in: begun at one, finished at the other, once', () =>
    withDatabase('server', async (_database, config) => {
      if (config.kind !== 'server') return;
      const databaseUrl = config.url.reveal();
      const first = await startTestPlatform({ config: { databaseUrl, localReceivers: true } });
      const folder = await mkdtemp(join(tmpdir(), 'picket-replica-'));
      await copyFile(join(first.directory, 'platform-key.pem'), join(folder, 'platform-key.pem'));
      const publicUrl = first.platform.url;
      const second = await startTestPlatform({
        config: { databaseUrl, localReceivers: true, dataDirectory: folder, publicUrl },
      });
      const provider = await startTestProvider(() => uris);
      open.push(provider);
      try {
        const manager = await first.signedIn('manager');
        uris.push((await manager.send('GET', '/api/v1/oidc-provider')).json.redirectUri);
        const settings = { name: 'IdP', issuer: provider.issuer, ...provider.client, unknownPeople: 'reader' };
        expect((await manager.send('PUT', '/api/v1/oidc-provider', settings)).status).toBe(200);
        const person: ProviderPerson = gwen;
        provider.person = person;
        const here = new Browser(first);
        const answer = await here.through(await here.begin());
        const there = new Browser(second);
        there.take(here);
        expect(await there.back(answer)).toBe('/');
        expect(await here.back(answer)).toBe('/?oidc=expired');
        expect(await there.user()).toMatchObject({ login: gwen.email });
      } finally {
        await second.close();
        await first.close();
        await rm(folder, { recursive: true, force: true });
      }
    }),
  );
});
