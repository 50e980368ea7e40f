import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { Browser } from '../testing/oidc-browser.ts';
import { type Ground, gwen, onGround } from './testing-ground.ts';

describe.each(databaseKinds)('the settings of the provider, %s', (kind) => {
  const test = (name: string, body: (ground: Ground) => Promise<void>) =>
    it.skipIf(!canRun(kind))(name, () => onGround(kind, body));

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
