import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { signIn, testPassword, withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';

const hour = 3_600_000;

describe.each(databaseKinds)('sessions, %s', (kind) => {
  it.skipIf(!canRun(kind))(
    'take the first Manager from the one-time password through the terms to the wizard’s end',
    () =>
      withTestPlatform(kind, async ({ platform, client }) => {
        const first = platform.firstManager;
        const browser = client();
        const signedIn = await signIn(browser, first?.login.toUpperCase() ?? '', first?.oneTimePassword ?? '');
        expect(signedIn.json.user).toMatchObject({ role: 'manager', passwordChangeNeeded: true, termsAccepted: false });
        const cookie = String(signedIn.headers['set-cookie']);
        expect(cookie).toMatch(/^__Host-picket=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
        expect((await browser.send('GET', '/api/v1/networks')).json.code).toBe('session.password-change-needed');
        const weak = { current: first?.oneTimePassword, next: 'short' };
        expect((await browser.send('POST', '/api/v1/session/password', weak)).json.errors[0].field).toBe('next');
        const oldCookie = browser.cookie;
        const changed = await browser.send('POST', '/api/v1/session/password', { ...weak, next: testPassword });
        expect(changed.json.user.passwordChangeNeeded).toBe(false);
        browser.csrf = changed.json.csrfToken;
        expect((await client().send('GET', '/api/v1/networks', undefined, { cookie: oldCookie ?? '' })).status).toBe(
          401,
        );
        expect((await browser.send('GET', '/api/v1/networks')).json.code).toBe('session.terms-needed');
        expect((await browser.send('POST', '/api/v1/session/terms', { version: 'old' })).status).toBe(409);
        const { json: terms } = await browser.send('GET', '/api/v1/terms');
        expect(
          (await browser.send('POST', '/api/v1/session/terms', { version: terms.version })).json.user.termsAccepted,
        ).toBe(true);
        const networks = await browser.send('GET', '/api/v1/networks');
        expect(networks.json.items).toMatchObject([
          { name: 'This machine', ranges: ['127.0.0.1', '::1'], addresses: '2' },
        ]);
        expect((await browser.send('POST', '/api/v1/setup/complete')).json.complete).toBe(true);
        expect((await browser.send('GET', '/api/v1/session')).json.setup).toMatchObject({
          complete: true,
          networks: 1,
        });
        expect((await signIn(client(), first?.login ?? '', first?.oneTimePassword ?? '')).status).toBe(401);
        const left = await browser.send('DELETE', '/api/v1/session');
        expect(left.json.user).toBeNull();
        expect((await browser.send('GET', '/api/v1/networks')).status).toBe(401);
      }),
  );

  it.skipIf(!canRun(kind))('end after 8 hours without a request and after 7 days in any case', () => {
    const clock = new FakeClock();
    return withTestPlatform(
      kind,
      async (running) => {
        const idle = await running.signedIn('reader');
        await clock.advance(8 * hour - 1000);
        expect((await idle.send('GET', '/api/v1/overview')).status).toBe(200);
        await clock.advance(8 * hour + 1000);
        expect((await idle.send('GET', '/api/v1/overview')).status).toBe(401);
        const busy = await running.signedIn('reader');
        for (let hours = 0; hours < 7 * 24 - 4; hours += 4) {
          await clock.advance(4 * hour);
          expect((await busy.send('GET', '/api/v1/about')).status).toBe(200);
        }
        await clock.advance(4 * hour + 1000);
        expect((await busy.send('GET', '/api/v1/about')).status).toBe(401);
      },
      { clock },
    );
  });

  it.skipIf(!canRun(kind))('limit the attempts of one address, whatever the logins', () =>
    withTestPlatform(
      kind,
      async (running) => {
        const statuses: number[] = [];
        for (let attempt = 0; attempt < 51; attempt++) {
          statuses.push((await signIn(running.client(), `nobody${attempt}`, 'wrong')).status);
        }
        // The window may turn over in between, never sooner than this.
        expect(statuses.slice(0, 50).every((status) => status === 401)).toBe(true);
        expect(statuses[50]).toBe(429);
      },
      { clock: new FakeClock() },
    ),
  );
});
