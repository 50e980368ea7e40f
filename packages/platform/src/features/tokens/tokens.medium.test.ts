import type { Log } from '@picket/base/log';
import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { signIn, type TestClient, type TestPlatform, testPassword, withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds } from '../../storage/testing.ts';

const day = 86_400_000;

async function made(owner: TestClient, scope: string, days?: number) {
  const request = { name: `for ${scope}`, scope, ...(days === undefined ? {} : { days }) };
  const answer = await owner.send('POST', '/api/v1/tokens', request);
  expect(answer.status).toBe(201);
  return answer.json;
}

/** A program: no cookie, no CSRF token, the token alone. */
function program(running: TestPlatform, token: string) {
  const client = running.client();
  return (method: string, path: string, body?: unknown) =>
    client.send(method, path, body, { authorization: `Bearer ${token}` });
}

describe.each(databaseKinds)('API tokens, %s', (kind) => {
  it.skipIf(!canRun(kind))('do what their scope allows, within what their account may at that moment', () =>
    withTestPlatform(kind, async (running) => {
      const owner = await running.signedIn('manager');
      const manager = await running.signedIn('manager');
      const { user } = (await owner.send('GET', '/api/v1/session')).json;
      const [read, scan, admin] = [await made(owner, 'read'), await made(owner, 'scan'), await made(owner, 'admin')];
      expect(read).toMatchObject({ scope: 'read', lastUsedAt: null, expired: false, ending: read.token.slice(-4) });
      expect(Date.parse(read.expiresAt) - Date.parse(read.createdAt)).toBe(90 * day);
      const [reads, scans, admins] = [read, scan, admin].map(({ token }) => program(running, token));
      const network = { name: 'Lab', ranges: '10.9.0.0/24', exclusions: '' };
      for (const call of [reads, scans, admins]) expect((await call?.('GET', '/api/v1/audit'))?.status).toBe(200);
      expect((await reads?.('POST', '/api/v1/plans', {}))?.json.code).toBe('token.scope');
      expect((await scans?.('POST', '/api/v1/plans', {}))?.json.code).not.toBe('token.scope');
      expect((await scans?.('POST', '/api/v1/networks', network))?.json.code).toBe('token.scope');
      expect((await admins?.('POST', '/api/v1/networks', network))?.status).toBe(201);
      const audit = (await manager.send('GET', '/api/v1/audit?action=network.')).json;
      expect(audit.items[0].actor).toBe(user.login);
      await manager.send('PATCH', `/api/v1/accounts/${user.id}`, { role: 'reader' });
      expect((await admins?.('POST', '/api/v1/networks', network))?.json.code).toBe('session.role');
      expect((await reads?.('GET', '/api/v1/audit'))?.json.code).toBe('session.role');
      expect((await reads?.('GET', '/api/v1/assets'))?.status).toBe(200);
    }),
  );

  it.skipIf(!canRun(kind))('never change who may sign in and how, whatever their scope, and no cookie helps', () =>
    withTestPlatform(kind, async (running) => {
      const owner = await running.signedIn('manager');
      const { token } = await made(owner, 'admin');
      const paths = (await owner.send('GET', '/api/openapi.json')).json.paths as Record<string, object>;
      const closed = Object.entries(paths)
        .flatMap(([path, methods]) => Object.keys(methods).map((method) => [method.toUpperCase(), path] as const))
        .filter(
          ([method, path]) =>
            /\/(tokens|sessions|security-policy|lock|password|terms)\b/.test(path) ||
            (/\/accounts/.test(path) && method !== 'GET'),
        )
        .filter(([method, path]) => `${method} ${path}` !== 'GET /api/v1/terms');
      expect(closed.length).toBeGreaterThan(12);
      const bearer = { authorization: `Bearer ${token}` };
      for (const [method, path] of closed) {
        const target = path.replaceAll(/\{\w+\}/g, '999999');
        // With and without the cookie and the CSRF token of a Manager's session.
        for (const client of [running.client(), owner]) {
          const answer = await client.send(method, target, undefined, bearer);
          expect([method, path, answer.status, answer.json?.code]).toEqual([method, path, 403, 'token.person-only']);
        }
      }
      // A bad token beside a good cookie is a bad token.
      const mixed = await owner.send('GET', '/api/v1/about', undefined, { authorization: `Bearer ${token}x` });
      expect(mixed).toMatchObject({ status: 401, json: { code: 'token.invalid' } });
    }),
  );

  it.skipIf(!canRun(kind))('end by date, when revoked, disabled or reset; not by a password change', () => {
    const clock = new FakeClock();
    return withTestPlatform(
      kind,
      async (running) => {
        const owner = await running.signedIn('scanner');
        const { user } = (await owner.send('GET', '/api/v1/session')).json;
        const short = await made(owner, 'read', 1);
        const long = await made(owner, 'read', 365);
        const status = async (token: string) => (await program(running, token)('GET', '/api/v1/about')).status;
        expect((await owner.send('POST', '/api/v1/tokens', { name: 'x', scope: 'read', days: 366 })).status).toBe(400);
        expect([await status(short.token), await status(long.token)]).toEqual([200, 200]);
        await clock.advance(day);
        expect([await status(short.token), await status(long.token)]).toEqual([401, 200]);

        await signIn(owner, user.login, testPassword);
        const { items } = (await owner.send('GET', '/api/v1/tokens')).json;
        expect(items).toMatchObject([
          { id: long.id, expired: false, lastAddress: '127.0.0.1' },
          { id: short.id, expired: true },
        ]);
        expect(new Date(items[0].lastUsedAt).getUTCMinutes()).toBe(0);
        expect(JSON.stringify(items)).not.toContain('pkt_');
        const changed = await owner.send('POST', '/api/v1/session/password', {
          current: testPassword,
          next: 'another long sentence',
        });
        owner.csrf = changed.json.csrfToken;
        expect(await status(long.token)).toBe(200);
        expect((await owner.send('DELETE', `/api/v1/tokens/${long.id}`)).status).toBe(204);
        expect(await status(long.token)).toBe(401);

        const manager = await running.signedIn('manager');
        const account = `/api/v1/accounts/${user.id}`;
        const next = await made(owner, 'scan');
        expect((await manager.send('GET', `${account}/tokens`)).json.items[0].id).toBe(next.id);
        expect((await manager.send('DELETE', `${account}/tokens/${next.id}`)).status).toBe(204);
        expect(await status(next.token)).toBe(401);
        const disabled = await made(owner, 'scan');
        await manager.send('PATCH', account, { disabled: true });
        expect(await status(disabled.token)).toBe(401);
        await manager.send('PATCH', account, { disabled: false });
        expect(await status(disabled.token)).toBe(401);
        const actions = (await manager.send('GET', '/api/v1/audit?action=token.')).json.items;
        expect(actions.map((entry: { action: string }) => entry.action)).toEqual([
          'token.create',
          'token.revoke',
          'token.create',
          'token.revoke',
          'token.create',
          'token.create',
        ]);
      },
      { clock },
    );
  });

  it.skipIf(!canRun(kind))('that are bad are limited by address, and stop no good one', () =>
    withTestPlatform(
      kind,
      async (running) => {
        const { token } = await made(await running.signedIn('reader'), 'read');
        const statuses = [];
        for (let n = 0; n < 51; n++) {
          statuses.push((await program(running, `pkt_${'0'.repeat(34)}${10 + n}`)('GET', '/api/v1/about')).status);
        }
        expect(statuses.slice(0, 50).every((status) => status === 401)).toBe(true);
        expect(statuses[50]).toBe(429);
        expect((await program(running, token)('GET', '/api/v1/about')).status).toBe(200);
      },
      { clock: new FakeClock() },
    ),
  );

  it.skipIf(!canRun(kind))('and passwords reach no log', () => {
    const lines: string[] = [];
    const log: Log = {
      write: (level, event, fields) => void lines.push(JSON.stringify({ level, event, fields })),
      with: () => log,
    };
    return withTestPlatform(
      kind,
      async (running) => {
        const { token } = await made(await running.signedIn('manager'), 'admin');
        const call = program(running, token);
        await call('GET', '/api/v1/about');
        await call('POST', '/api/v1/tokens', { name: token });
        await signIn(running.client(), 'nobody', testPassword);
        const audit = await call('GET', '/api/v1/audit/export?format=ndjson');
        expect(lines.length).toBeGreaterThan(5);
        for (const text of [...lines, audit.text]) {
          expect(text).not.toContain(token);
          expect(text).not.toContain(testPassword);
        }
      },
      { log },
    );
  });
});
