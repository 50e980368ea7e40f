import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { Browser } from '../testing/oidc-browser.ts';
import { audited, type Ground, gwen, onGround } from './testing-ground.ts';

/** Signed in by the provider, with what it takes to sign out there. */
async function signedIn({ running, provider, set }: Ground): Promise<Browser> {
  expect(await set({ unknownPeople: 'reader', logoutAtProvider: true })).toBe(200);
  provider.person = gwen;
  const browser = new Browser(running);
  expect(await browser.signIn()).toBe('/');
  return browser;
}

const kept = ({ running }: Ground) =>
  running.platform.context.database.db.selectFrom('oidc_session').selectAll().execute();

describe.each(databaseKinds)('signing out, %s', (kind) => {
  const test = (name: string, body: (ground: Ground) => Promise<void>) =>
    it.skipIf(!canRun(kind))(name, () => onGround(kind, body));

  test('ends the session here, leads to the provider to end its own, and back', async (ground) => {
    const { manager, provider, logged, running } = ground;
    const browser = await signedIn(ground);
    const [row] = await kept(ground);
    const address = await browser.signOut();
    expect(await browser.user()).toBeNull();
    const url = new URL(address ?? '');
    const { signedOutUri } = (await manager.send('GET', '/api/v1/oidc-provider')).json;
    expect(url.origin).toBe(provider.issuer);
    expect([...url.searchParams.keys()].sort()).toEqual([
      'client_id',
      'id_token_hint',
      'post_logout_redirect_uri',
      'state',
    ]);
    expect(url.searchParams.get('client_id')).toBe(provider.client.clientId);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(signedOutUri);
    // The token is in the address alone.
    const token = url.searchParams.get('id_token_hint') ?? '';
    expect(token.split('.')).toHaveLength(3);
    expect(Buffer.from(row?.sign_out ?? []).toString('latin1')).not.toContain(token.slice(0, 20));
    expect(await kept(ground)).toEqual([]);
    expect(logged.length).toBeGreaterThan(0);
    const told = `${logged.join()} ${JSON.stringify(await audited(running, '%'))}`;
    for (const secret of [token, url.searchParams.get('state') ?? '', provider.client.clientSecret])
      expect(told).not.toContain(secret);

    // The provider still knows the browser, and signs it in unasked, until it is told.
    provider.person = null;
    expect(await browser.signIn()).toBe('/');
    const back = await browser.leave((await browser.signOut()) ?? '');
    expect(back).toContain(`${signedOutUri}?state=`);
    expect(await browser.signIn()).toBe('/?oidc=cancelled');
    expect(await browser.back(back.replace(/state=.*/, 'state=made-up'))).toBe('/');
    // Asked once, right or wrong.
    expect(await browser.back(back)).toBe('/');

    provider.person = gwen;
    expect(await browser.signIn()).toBe('/');
    expect(await browser.back(await browser.leave((await browser.signOut()) ?? ''))).toBe('/?oidc=signed-out');
  });

  test('stays here unless a Manager wants it, for this provider, and for who came from there', async (ground) => {
    const { provider, set, running } = ground;
    await set({ unknownPeople: 'reader' });
    provider.person = gwen;
    const plain = new Browser(running);
    expect(await plain.signIn()).toBe('/');
    expect(await kept(ground)).toEqual([]);
    await set({ unknownPeople: 'reader', logoutAtProvider: true });
    expect(await plain.signOut()).toBeNull();

    const before = await signedIn(ground);
    await set({ unknownPeople: 'reader' });
    expect(await before.signOut()).toBeNull();

    const elsewhere = await signedIn(ground);
    await set({ clientId: 'another', unknownPeople: 'reader', logoutAtProvider: true });
    expect(await elsewhere.signOut()).toBeNull();

    const byPassword = await running.signedIn('reader');
    expect((await byPassword.send('DELETE', '/api/v1/session')).json.signOutUrl).toBeNull();
  });

  test('hangs neither on the provider nor on what was kept', async (ground) => {
    const { provider, running, advance } = ground;
    const away = await signedIn(ground);
    const broken = await signedIn(ground);
    await provider.close();
    // What was read of the provider is not fresh any more.
    advance(600_001);
    expect(await away.signOut()).toContain('id_token_hint=');
    expect(await away.user()).toBeNull();
    const { db } = running.platform.context.database;
    await db
      .updateTable('oidc_session')
      .set({ sign_out: new Uint8Array([1, 2, 3]) })
      .execute();
    expect(await broken.signOut()).toBeNull();
    expect(await broken.user()).toBeNull();
  });
});
