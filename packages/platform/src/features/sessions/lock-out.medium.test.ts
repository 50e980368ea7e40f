import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { signIn, type TestClient, testPassword, withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';

const trusted = { config: { trustedProxies: ['127.0.0.1'] } };

/** Signs in as if from this address: the test's proxy is trusted. */
function from(client: TestClient, address: string, login: string, password: string) {
  return client.send('POST', '/api/v1/session', { login, password }, { 'x-forwarded-for': address });
}

const without = ({ requestId: _id, ...rest }: Record<string, unknown>) => rest;

describe.each(databaseKinds)('lock-out, %s', (kind) => {
  it.skipIf(!canRun(kind))('answers an unknown login as a wrong password, also when both have to wait', () => {
    const clock = new FakeClock();
    return withTestPlatform(
      kind,
      async (running) => {
        const first = running.platform.firstManager;
        const [known, right] = [first?.login ?? '', first?.oneTimePassword ?? ''];
        const browser = running.client();
        for (let attempt = 1; attempt <= 5; attempt++) {
          const [wrong, unknown] = [await signIn(browser, known, 'wrong'), await signIn(browser, 'nobody', 'wrong')];
          expect(wrong).toMatchObject({ status: 401, json: { code: 'session.sign-in-failed' } });
          expect(without(wrong.json)).toEqual(without(unknown.json));
        }
        const refused = await signIn(browser, known, right);
        expect(refused).toMatchObject({
          status: 429,
          json: { code: 'session.locked' },
          headers: { 'retry-after': '5' },
        });
        expect(without((await signIn(browser, 'nobody', right)).json)).toEqual(without(refused.json));
        await clock.advance(5000);
        expect((await signIn(browser, known, 'wrong')).status).toBe(401);
        expect((await signIn(browser, known, right)).headers['retry-after']).toBe('10');
        await clock.advance(10_000);
        expect((await signIn(browser, known, right)).status).toBe(200);
        // Once in, nothing is held against the login any more.
        for (let attempt = 1; attempt <= 4; attempt++) expect((await signIn(browser, known, 'wrong')).status).toBe(401);
        expect((await signIn(browser, known, right)).status).toBe(200);
      },
      { clock },
    );
  });

  it.skipIf(!canRun(kind))('of guesses from many addresses does not reach whoever signed in from theirs before', () =>
    withTestPlatform(
      kind,
      async (running) => {
        const { login, oneTimePassword } = running.platform.firstManager ?? { login: '', oneTimePassword: '' };
        const client = running.client();
        expect((await from(client, '198.51.100.1', login, oneTimePassword)).status).toBe(200);
        for (let n = 1; n <= 30; n++) expect((await from(client, `203.0.113.${n}`, login, 'wrong')).status).toBe(401);
        // The thirtieth failure locks every address that the account does not know ...
        expect((await from(client, '203.0.113.99', login, oneTimePassword)).json.code).toBe('session.locked');
        // ... and no other.
        expect((await from(client, '198.51.100.1', login, oneTimePassword)).status).toBe(200);
        expect((await from(client, '203.0.113.99', 'somebody.else', 'wrong')).status).toBe(401);
      },
      { ...trusted, clock: new FakeClock() },
    ),
  );

  it.skipIf(!canRun(kind))('lets no attempts slip through together', () =>
    withTestPlatform(kind, async (running) => {
      const { login } = running.platform.firstManager ?? { login: '' };
      const answers = await Promise.all(
        Array.from({ length: 16 }, () => signIn(running.client(), login, 'wrong').then(({ status }) => status)),
      );
      expect(answers.filter((status) => status === 401)).toHaveLength(5);
      expect(answers.filter((status) => status === 429)).toHaveLength(11);
    }),
  );

  it.skipIf(!canRun(kind))('is seen and ended by a Manager, and written down', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const reader = await running.signedIn('reader');
      const { user } = (await reader.send('GET', '/api/v1/session')).json;
      const stranger = running.client();
      for (let attempt = 1; attempt <= 5; attempt++) await signIn(stranger, user.login, 'wrong');
      const path = `/api/v1/accounts/${user.id}/lock`;
      const locked = (await manager.send('GET', path)).json;
      expect(locked).toMatchObject({ failures: 5 });
      expect(locked.lockedUntil).not.toBeNull();
      expect((await signIn(stranger, user.login, testPassword)).status).toBe(429);
      expect((await manager.send('DELETE', path)).json).toEqual({ failures: 0, lockedUntil: null });
      expect((await signIn(stranger, user.login, testPassword)).status).toBe(200);
      const { json } = await manager.send('GET', '/api/v1/audit?action=account.');
      expect(json.items[0]).toMatchObject({ action: 'account.unlock', subject: `account:${user.id}` });
      const failures = (await manager.send('GET', `/api/v1/audit?actor=${user.login}&action=session.sign-in-failed`))
        .json;
      expect(failures.total).toBe(5);
      expect(failures.items[0].detail).toEqual({ lockedSeconds: 5 });
    }),
  );
});
