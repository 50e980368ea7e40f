import { describe, expect, it } from 'vitest';
import type { TestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { codeOfStep, stepAt } from '../factors/totp.ts';
import { Browser } from '../testing/oidc-browser.ts';
import { type Ground, gwen, onGround } from './testing-ground.ts';

describe.each(databaseKinds)('after the provider, %s', (kind) => {
  const test = (name: string, body: (ground: Ground) => Promise<void>) =>
    it.skipIf(!canRun(kind))(name, () => onGround(kind, body));

  test('never leads to another site, and asks anew for the second factor that the account has', async (ground) => {
    const { running, manager, provider, set } = ground;
    await set({ unknownPeople: 'reader', logoutAtProvider: true });
    provider.person = gwen;
    const browser = new Browser(running);
    expect(await browser.signIn({ returnTo: '//evil.example/x' })).toBe('/');
    await manager.send('PATCH', '/api/v1/security-policy', { requireSecondFactor: true });
    expect((await browser.user()).secondFactorNeeded).toBe(true);
    const codeAt = await haveApp(running, browser);
    expect((await browser.user()).secondFactorNeeded).toBe(false);

    const again = new Browser(running);
    expect(await again.signIn({ returnTo: '/assets' })).toBe('/?oidc=code-needed');
    expect(await again.user()).toBeNull();
    const wrong = await again.send('POST', '/api/v1/session/oidc/code', { code: '000000' });
    expect(wrong).toMatchObject({ status: 401, json: { code: 'session.code-wrong' } });
    const right = await again.send('POST', '/api/v1/session/oidc/code', { code: codeAt(1) });
    expect(right).toMatchObject({ status: 200, json: { url: '/assets' } });
    expect((await again.user()).secondFactorNeeded).toBe(false);
    // What the sign-out takes is kept over the code.
    expect(await again.signOut()).toContain('id_token_hint=');
    expect(await again.user()).toBeNull();
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

  test('takes the provider’s word for several factors where a Manager says so, sign-in by sign-in', async (ground) => {
    const { running, manager, provider, set } = ground;
    const mfa = { ...gwen, amr: ['pwd', 'otp', 'mfa'] };
    expect(await set({ unknownPeople: 'reader', secondFactorByAmr: true })).toBe(200);
    await manager.send('PATCH', '/api/v1/security-policy', { requireSecondFactor: true });
    const needed = async (person: typeof provider.person) => {
      provider.person = person;
      const browser = new Browser(running);
      expect(await browser.signIn()).toBe('/');
      const { id, secondFactorNeeded } = await browser.user();
      return [secondFactorNeeded, (await methodsOf(running, id)).at(-1)];
    };
    expect(await needed(mfa)).toEqual([false, 'oidc+mfa']);
    expect(await needed({ ...gwen, amr: ['pwd', 'otp'] })).toEqual([true, 'oidc']);
    expect(await needed(gwen)).toEqual([true, 'oidc']);

    // Who has an app here is asked for its code unless the provider asked for two.
    provider.person = gwen;
    const browser = new Browser(running);
    await browser.signIn();
    await haveApp(running, browser);
    const plain = new Browser(running);
    expect(await plain.signIn()).toBe('/?oidc=code-needed');
    provider.person = mfa;
    expect(await new Browser(running).signIn()).toBe('/');
    // In the database: the Manager of the test has no second factor, and so is held back like everybody.
    await running.platform.context.database.db
      .updateTable('oidc_provider')
      .set({ second_factor_by_amr: false })
      .execute();
    expect(await new Browser(running).signIn()).toBe('/?oidc=code-needed');
  });
});

async function methodsOf({ platform }: TestPlatform, accountId: number): Promise<readonly string[]> {
  const { db } = platform.context.database;
  const rows = await db
    .selectFrom('session')
    .select('method')
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute();
  return rows.map(({ method }) => method);
}

/** Sets up an authenticator app; gives its code at a step from now. */
async function haveApp(running: TestPlatform, browser: Browser): Promise<(ahead: number) => string> {
  browser.platform.csrf = (await browser.send('GET', '/api/v1/session')).json.csrfToken;
  // No password to prove: having just come from the provider is the proof.
  const begun = await browser.send('POST', '/api/v1/session/totp', { password: '' });
  expect(begun.status).toBe(200);
  const secret = bytesOf(begun.json.secret);
  const codeAt = (ahead: number) => codeOfStep(secret, stepAt(running.platform.context.clock.now()) + ahead);
  expect((await browser.send('POST', '/api/v1/session/totp/confirm', { code: codeAt(0) })).status).toBe(200);
  return codeAt;
}

/** Base32 without padding (RFC 4648 section 6), as an app reads it. */
function bytesOf(secret: string): Uint8Array {
  const bits = [...secret].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'));
  const text = bits.join('');
  return Uint8Array.from({ length: Math.floor(text.length / 8) }, (_, n) =>
    Number.parseInt(text.slice(n * 8, n * 8 + 8), 2),
  );
}
