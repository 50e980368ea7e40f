import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { verifyPassword } from '../../server/password.ts';
import { signIn, testPassword, withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';

describe.each(databaseKinds)('the list of sessions, %s', (kind) => {
  it.skipIf(!canRun(kind))('names where somebody is signed in, and ends one, or all but the own', () =>
    withTestPlatform(kind, async (running) => {
      const here = await running.signedIn('reader');
      const { user } = (await here.send('GET', '/api/v1/session')).json;
      const [phone, desk] = [running.client(), running.client()];
      await phone.send(
        'POST',
        '/api/v1/session',
        { login: user.login, password: testPassword },
        { 'user-agent': 'a phone' },
      );
      await signIn(desk, user.login, testPassword);
      const { items } = (await here.send('GET', '/api/v1/sessions')).json;
      expect(items).toHaveLength(3);
      expect(items.filter((one: { current: boolean }) => one.current)).toHaveLength(1);
      const lost = items.find((one: { userAgent: string | null }) => one.userAgent === 'a phone');
      expect(lost).toMatchObject({ address: '127.0.0.1', method: 'password', current: false });
      expect((await here.send('DELETE', `/api/v1/sessions/${lost.id}`)).status).toBe(204);
      expect((await here.send('DELETE', `/api/v1/sessions/${lost.id}`)).status).toBe(404);
      expect((await phone.send('GET', '/api/v1/about')).status).toBe(401);
      expect((await here.send('POST', '/api/v1/sessions/end-others')).json).toEqual({ ended: 1 });
      expect((await desk.send('GET', '/api/v1/about')).status).toBe(401);
      expect((await here.send('GET', '/api/v1/about')).status).toBe(200);
    }),
  );

  it.skipIf(!canRun(kind))('of others is for Managers, who end one or all; nobody ends those of others by number', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const reader = await running.signedIn('reader');
      const other = await running.signedIn('reader');
      const { user } = (await reader.send('GET', '/api/v1/session')).json;
      const path = `/api/v1/accounts/${user.id}/sessions`;
      const { items } = (await manager.send('GET', path)).json;
      expect(items).toMatchObject([{ current: false }]);
      expect((await other.send('DELETE', `/api/v1/sessions/${items[0].id}`)).status).toBe(404);
      expect((await other.send('GET', path)).status).toBe(403);
      await signIn(running.client(), user.login, testPassword);
      expect((await manager.send('DELETE', `${path}/${items[0].id}`)).status).toBe(204);
      expect((await reader.send('GET', '/api/v1/about')).status).toBe(401);
      expect((await manager.send('DELETE', path)).json).toEqual({ ended: 1 });
      expect((await manager.send('GET', '/api/v1/accounts/999999/sessions')).status).toBe(404);
      const { json } = await manager.send('GET', '/api/v1/audit?action=session.end');
      expect(json.items).toHaveLength(2);
    }),
  );

  it.skipIf(!canRun(kind))('is empty after a change of role, and while disabled; limits in force count at once', () => {
    const clock = new FakeClock();
    return withTestPlatform(
      kind,
      async (running) => {
        const manager = await running.signedIn('manager');
        const somebody = await running.signedIn('reader');
        const { user } = (await somebody.send('GET', '/api/v1/session')).json;
        const account = `/api/v1/accounts/${user.id}`;
        await manager.send('PATCH', account, { name: 'Another name' });
        expect((await somebody.send('GET', '/api/v1/about')).status).toBe(200);
        await manager.send('PATCH', account, { role: 'scanner' });
        expect((await somebody.send('GET', '/api/v1/about')).status).toBe(401);
        await signIn(somebody, user.login, testPassword);
        await manager.send('PATCH', account, { disabled: true });
        await manager.send('PATCH', account, { disabled: false });
        expect((await somebody.send('GET', '/api/v1/about')).status).toBe(401);

        await signIn(somebody, user.login, testPassword);
        const policy = await manager.send('PATCH', '/api/v1/security-policy', { idleMinutes: 30 });
        expect(policy.json).toMatchObject({ idleMinutes: 30, absoluteHours: 168 });
        await clock.advance(29 * 60_000);
        expect((await somebody.send('GET', '/api/v1/about')).status).toBe(200);
        await clock.advance(30 * 60_000);
        expect((await somebody.send('GET', '/api/v1/about')).status).toBe(401);
        expect((await manager.send('GET', '/api/v1/security-policy')).status).toBe(401);
        const bad = await running.signedIn('manager');
        expect((await bad.send('PATCH', '/api/v1/security-policy', { idleMinutes: 1 })).status).toBe(400);
        const begun = await bad.send('PATCH', '/api/v1/security-policy', { absoluteHours: 1 });
        expect(begun.status).toBe(200);
        await clock.advance(20 * 60_000);
        await bad.send('GET', '/api/v1/about');
        await clock.advance(20 * 60_000);
        await bad.send('GET', '/api/v1/about');
        await clock.advance(20 * 60_000);
        expect((await bad.send('GET', '/api/v1/about')).status).toBe(401);
      },
      { clock },
    );
  });
});

describe.each(databaseKinds)('an old hash, %s', (kind) => {
  it.skipIf(!canRun(kind))(
    'is replaced by one of today’s figures at the next right password, and the session stays',
    () =>
      withTestPlatform(kind, async (running) => {
        const client = await running.signedIn('reader');
        const { user } = (await client.send('GET', '/api/v1/session')).json;
        const { db } = running.platform.context.database;
        // Password "correct horse battery", 8 MiB and one pass.
        const weak = '$argon2id$v=19$m=8192,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$DmdT/iLe1t1mte9e7OacISPgJGg+ZxcuwxJi0XqiKjo';
        expect(await verifyPassword(testPassword, weak)).toBe(true);
        await db.updateTable('account').set({ password_hash: weak }).where('id', '=', user.id).execute();
        const stored = async () =>
          (await db.selectFrom('account').select('password_hash').where('id', '=', user.id).executeTakeFirstOrThrow())
            .password_hash;
        await signIn(running.client(), user.login, 'wrong');
        expect(await stored()).toBe(weak);
        expect((await signIn(running.client(), user.login, testPassword)).status).toBe(200);
        expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
        expect(await verifyPassword(testPassword, await stored())).toBe(true);
        expect((await client.send('GET', '/api/v1/about')).status).toBe(200);
      }),
  );
});
