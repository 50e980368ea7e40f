import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { Browser } from '../testing/oidc-browser.ts';
import { audited, type Ground, gwen, onGround } from './testing-ground.ts';

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
    expect(await away.back(answer)).toBe('/?oidc=provider-down');
    await set({ name: 'Gone' });
    const none = await new Browser(running).send('POST', '/api/v1/session/oidc', {});
    expect(none).toMatchObject({ status: 409, json: { code: 'oidc.provider-unreachable' } });
    await manager.send('DELETE', '/api/v1/oidc-provider');
    const off = await new Browser(running).send('POST', '/api/v1/session/oidc', {});
    expect(off).toMatchObject({ status: 409, json: { code: 'oidc.not-set-up' } });
  });
});
