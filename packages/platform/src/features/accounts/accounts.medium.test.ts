import { describe, expect, it } from 'vitest';
import { signIn, withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';

describe.each(databaseKinds)('accounts, %s', (kind) => {
  it.skipIf(!canRun(kind))('are made with a password that works once, changed, and deleted with their sessions', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const request = { login: 'anna', name: 'Anna', role: 'reader', email: 'anna@example.org' };
      const made = await manager.send('POST', '/api/v1/accounts', request);
      expect(made).toMatchObject({ status: 201, json: { ...request, disabled: false, lastSignInAt: null } });
      expect(made.json.oneTimePassword).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
      const twice = await manager.send('POST', '/api/v1/accounts', { ...request, login: 'ANNA' });
      expect(twice).toMatchObject({ status: 409, json: { code: 'account.login-taken' } });
      const anna = running.client();
      expect((await signIn(anna, 'anna', made.json.oneTimePassword)).json.user.passwordChangeNeeded).toBe(true);
      const path = `/api/v1/accounts/${made.json.id}`;
      expect((await manager.send('PATCH', path, { role: 'scanner', email: null })).json).toMatchObject({
        role: 'scanner',
        email: null,
        name: 'Anna',
      });
      // With another role somebody signs in again.
      expect((await anna.send('GET', '/api/v1/session')).json.user).toBeNull();
      const again = await signIn(anna, 'anna', made.json.oneTimePassword);
      expect(again.json.user.role).toBe('scanner');
      const reset = await manager.send('POST', `${path}/password`);
      expect((await anna.send('GET', '/api/v1/session')).json.user).toBeNull();
      expect((await signIn(anna, 'anna', made.json.oneTimePassword)).status).toBe(401);
      expect((await signIn(anna, 'anna', reset.json.oneTimePassword)).status).toBe(200);
      await manager.send('PATCH', path, { disabled: true });
      expect((await anna.send('GET', '/api/v1/session')).json.user).toBeNull();
      expect((await signIn(anna, 'anna', reset.json.oneTimePassword)).status).toBe(401);
      expect((await manager.send('DELETE', path)).status).toBe(204);
      expect((await manager.send('DELETE', path)).status).toBe(404);
    }),
  );

  it.skipIf(!canRun(kind))('keep the last Manager who can sign in, also when two are removed at the same time', () =>
    withTestPlatform(kind, async (running) => {
      const manager = await running.signedIn('manager');
      const { json: self } = await manager.send('GET', '/api/v1/session');
      const { json: list } = await manager.send('GET', '/api/v1/accounts');
      const first = list.items.find((account: { login: string }) => account.login === 'manager');
      const answers = await Promise.all([
        manager.send('PATCH', `/api/v1/accounts/${first.id}`, { role: 'reader' }),
        manager.send('PATCH', `/api/v1/accounts/${self.user.id}`, { disabled: true }),
      ]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
      const left = await running.platform.context.database.db
        .selectFrom('account')
        .select('id')
        .where('role', '=', 'manager')
        .where('disabled', '=', false)
        .execute();
      expect(left).toHaveLength(1);
    }),
  );
});
